// Collects what the parsers have read and makes Facts of it.
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

// How a parser classifies a line.
enum class Taken : uint8_t {
  NotMine,      // another format
  Row,          // a connection or a listener
  Again,        // a further holder of a socket that has a row already
  Part,         // a header, a title or a continuation line of a row
  Other,        // a socket that is not TCP: UDP, UNIX …
  Unconnected,  // a TCP socket that is neither connected nor listening
  Unclear,      // this format, but a column makes no sense
};

struct Owner {
  std::optional<Pid> pid;  // absent if the dump names only the program
  std::string_view name;
  int32_t fd = -1;
};

class Sheet {
 public:
  explicit Sheet(std::string_view services = {}) : services_(services) {}

  // The names and services for printed_end(). Equal names are equal addresses.
  std::optional<Endpoint> end(std::string_view word, Family any = Family::V4);
  std::optional<Endpoint> end(std::string_view address, std::string_view port, Family any);
  // Decodes an endpoint whose last characters may be missing.
  Endpoint cut_end(std::string_view word);
  Endpoint named_end(std::string_view name) { return {Address::named(name, *names_), 0}; }

  // Returns the number of the new row.
  uint32_t add(const Connection& c);
  Connection& row(uint32_t number) { return facts_.table.connections[number]; }
  void hold(uint32_t row, const Owner& owner);
  // Says that the dump names holders, but not the holder of this row.
  void hide_holder() { hides_holders_ = true; }
  void set_info(uint32_t row, const TcpInfo& info);
  TcpInfo& info(uint32_t number) { return facts_.table.infos[number]; }
  void set_age(uint32_t row, Milliseconds age) {
    facts_.table.reported_ages[row] = {.at_least = age, .at_most = age};
  }
  void count(State state, uint64_t n) { facts_.tally[state] += n; }

  // These three keep the first value and ignore later ones.
  void of_system(System system);
  void of_tool(std::string_view tool);
  void of_host(std::string_view host);
  std::string_view host() const { return facts_.host; }
  // Says that the rows from here, or from `row` on, are another command's output and may repeat sockets from
  // before.
  void begin_section();
  void begin_section_at(size_t row);
  // Sets the state that the typed command selected, as in `ss state close-wait`, for rows that lack one.
  void assume(std::optional<State> state) { assumed_ = state; }
  std::optional<State> assumed() const { return assumed_; }
  // Adds a record that shares its line with the one that the parser returns: JSON may have all connections on
  // one line.
  void also(Taken taken) { also_.push_back(taken); }
  std::vector<Taken> take_also() { return std::exchange(also_, {}); }
  size_t rows() const { return facts_.table.connections.size(); }
  bool has_rows() const { return !facts_.table.connections.empty(); }
  System system() const {
    return facts_.system == System::Linux && !is_system_known_ ? System::Unknown : facts_.system;
  }

  // Returns the facts after the last line.
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
  HolderTable holders_;  // until all rows are merged, `inode` is the row
  bool names_holders_ = false;
  bool hides_holders_ = false;
  std::unordered_map<std::string, Pid> nameless_;  // programs that the dump names without a pid
  std::vector<uint32_t> sections_;                 // the first row of each section
  std::optional<State> assumed_;
  std::vector<Taken> also_;
  // By row: the row into which it was merged, or itself; empty if no row was merged.
  std::vector<uint32_t> into_;
  uint64_t merged_ = 0;
};

}  // namespace whywait::pasted
