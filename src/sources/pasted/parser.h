// One parser for each format. Each parser is offered the lines in order and says which are its own.
#pragma once

#include "sources/pasted/lines.h"
#include "sources/pasted/sheet.h"
#include "sources/pasted/words.h"

#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace whywait::pasted {

class Parser {
 public:
  Parser() = default;
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  virtual ~Parser() = default;

  // `words` are the words of line.text, at least one.
  virtual Taken take(const Line& line, const Words& words, Sheet& sheet) = 0;
  // The same for a plain row of Linux netstat that is decoded already; false if this parser reads another
  // format.
  virtual bool take_plain_row(const Connection& /*row*/, Sheet& /*sheet*/) { return false; }
  // Called after the last line, so that the parser can finish an incomplete row.
  virtual Taken finish(Sheet& /*sheet*/) { return Taken::NotMine; }
};

struct Format {
  std::string_view id;  // the argument of --format
  std::string_view of;  // the commands that print it
  std::unique_ptr<Parser> (*make)();
};

// In the order in which they are offered a line: if two recognise it, the first takes it.
std::span<const Format> all_formats();

std::unique_ptr<Parser> netstat_parser();  // Linux, busybox, BSD, macOS, AIX, HP-UX
std::unique_ptr<Parser> netstat_windows_parser();
std::unique_ptr<Parser> netstat_solaris_parser();
std::unique_ptr<Parser> ss_parser();
std::unique_ptr<Parser> lsof_parser();
std::unique_ptr<Parser> lsof_fields_parser();
std::unique_ptr<Parser> sockstat_parser();
std::unique_ptr<Parser> procstat_parser();
std::unique_ptr<Parser> fstat_parser();
std::unique_ptr<Parser> proc_net_tcp_parser();
std::unique_ptr<Parser> powershell_table_parser();
std::unique_ptr<Parser> powershell_records_parser();  // lists and JSON
std::unique_ptr<Parser> powershell_csv_parser();
std::unique_ptr<Parser> histogram_parser();
std::unique_ptr<Parser> nonstop_parser();

}  // namespace whywait::pasted
