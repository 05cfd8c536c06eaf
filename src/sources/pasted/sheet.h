// What the parsers have read so far, on its way to be Facts.
#pragma once

#include "core/facts.h"
#include "sources/pasted/words.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace whywait::pasted {

// What a parser makes of a line.
enum class Taken : uint8_t {
  NotMine,      // it is not of this format
  Row,          // a connection or a listener
  Again,        // a further holder of a socket that has a row
  Part,         // a header, a title, or a further line of a row
  Other,        // no TCP: UDP, UNIX …
  Unconnected,  // a TCP socket that is neither connected nor listens
  Unclear,      // of this format, but not to be understood
};

struct Owner {
  std::optional<Pid> pid;  // absent where only the program is named
  std::string_view name;
  int32_t fd = -1;
};

class Sheet {
 public:
  explicit Sheet(std::string_view services = {}) : services_(services) {}

  // What printed_end() reads. Equal names are equal addresses.
  std::optional<Endpoint> end(std::string_view word, Family any = Family::V4);
  std::optional<Endpoint> end(std::string_view address, std::string_view port, Family any);
  // Of an end of which the last characters may be missing.
  Endpoint cut_end(std::string_view word);
  Endpoint named_end(std::string_view name) { return {Address::named(name, *names_), 0}; }

  // Gives the number of the row.
  uint32_t add(const Connection& c);
  Connection& row(uint32_t number) { return facts_.table.connections[number]; }
  void hold(uint32_t row, const Owner& owner);
  // The source names holders, but it does not name this row's.
  void hide_holder() { hides_holders_ = true; }
  void set_info(uint32_t row, const TcpInfo& info);
  TcpInfo& info(uint32_t number) { return facts_.table.infos[number]; }
  void set_age(uint32_t row, Milliseconds age) {
    facts_.table.reported_ages[row] = {.at_least = age, .at_most = age};
  }
  void count(State state, uint64_t n) { facts_.tally[state] += n; }

  // The first that is said stays.
  void of_system(System system);
  void of_tool(std::string_view tool);
  void of_host(std::string_view host);
  std::string_view host() const { return facts_.host; }
  // Rows from here on, or from that one, may tell of the sockets that rows before told of: another command.
  void begin_section();
  void begin_section_at(size_t row);
  // What a filter of the command that was typed selected, as in `ss state close-wait`.
  void assume(std::optional<State> state) { assumed_ = state; }
  std::optional<State> assumed() const { return assumed_; }
  // What a line tells of besides what its parser gives back: JSON may have all connections on one.
  void also(Taken taken) { also_.push_back(taken); }
  std::vector<Taken> take_also() { return std::exchange(also_, {}); }
  size_t rows() const { return facts_.table.connections.size(); }
  bool has_rows() const { return !facts_.table.connections.empty(); }
  System system() const {
    return facts_.system == System::Linux && !is_system_known_ ? System::Unknown : facts_.system;
  }

  // Everything, once the last line is read.
  Facts finish();
  uint64_t merged() const { return merged_; }

 private:
  std::optional<Endpoint> address_of(const std::optional<PrintedEnd>& end);
  void merge_sections();
  void merge(uint32_t into, uint32_t from);
  void drop_merged();
  void give_numbers();
  void name_nameless();

  Services services_;
  std::shared_ptr<Names> names_ = std::make_shared<Names>();
  Facts facts_;
  bool is_system_known_ = false;
  bool is_tool_known_ = false;
  HolderTable holders_;  // in place of the inode the row, until all are merged
  bool names_holders_ = false;
  bool hides_holders_ = false;
  std::unordered_map<std::string, Pid> nameless_;  // programs without a pid
  std::vector<uint32_t> sections_;                 // rows with which they begin
  std::optional<State> assumed_;
  std::vector<Taken> also_;
  std::vector<uint32_t> into_;  // by row, the one into which it was merged, or itself; empty where none was
  uint64_t merged_ = 0;
};

}  // namespace whywait::pasted
