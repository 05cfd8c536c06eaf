#include "sources/pasted/sheet.h"

#include "core/row_index.h"

#include <algorithm>
#include <utility>

namespace whywait::pasted {
namespace {

std::string_view id_of(System system) {
  switch (system) {
    case System::Unknown: return "";
    case System::Linux: return "linux";
    case System::Windows: return "windows";
    case System::MacOs: return "macos";
    case System::FreeBsd: return "freebsd";
    case System::OpenBsd: return "openbsd";
    case System::NetBsd: return "netbsd";
    case System::Solaris: return "solaris";
    case System::Aix: return "aix";
    case System::HpUx: return "hp-ux";
    case System::NonStop: return "nonstop";
  }
  return "";
}

// A program name that another person chose: keep enough of it to recognise the program.
constexpr size_t kLongestName = 64;

bool is_same_socket(const Connection& a, const Connection& b) {
  if (a.local != b.local || a.remote != b.remote) return false;
  return (a.state == State::Listen) == (b.state == State::Listen) || a.state == State::Unknown ||
         b.state == State::Unknown;
}

// Removes from sorted holders duplicates, and entries without a descriptor if another command gave the
// descriptor.
void drop_repeated(std::vector<Holder>& holders) {
  const auto says_no_more = [](const Holder& a, const Holder& b) {
    return a.inode == b.inode && a.pid == b.pid && (a.fd == b.fd || a.fd < 0);
  };
  std::vector<Holder> kept;
  kept.reserve(holders.size());
  for (const auto& h : holders) {
    if (!kept.empty() && says_no_more(kept.back(), h)) kept.pop_back();
    kept.push_back(h);
  }
  holders = std::move(kept);
}

// Each command may give what the other does not.
void add_what_is_missing(Connection& to, const Connection& from) {
  if (from.state != State::Unknown) to.state = from.state;  // the later word
  if (!to.recv_q() && from.recv_q()) to.set_recv_q(*from.recv_q());
  if (!to.send_q() && from.send_q()) to.set_send_q(*from.send_q());
  if (to.inode().value_or(0) == 0 && from.inode()) to.set_inode(*from.inode());
  if (!to.uid() && from.uid()) to.set_uid(*from.uid());
  if (!to.cookie() && from.cookie()) to.set_cookie(*from.cookie());
  if (!to.timer() && from.timer()) to.set_timer(*from.timer());
  if (!to.info() && from.info()) to.set_info(*from.info());
}

}  // namespace

std::optional<Endpoint> Sheet::address_of(const std::optional<PrintedEnd>& end) {
  if (!end) return std::nullopt;
  return Endpoint{end->name.empty() ? end->address : Address::named(end->name, *names_), end->port};
}

std::optional<Endpoint> Sheet::end(std::string_view word, Family any) {
  return address_of(printed_end(word, any, services_));
}

std::optional<Endpoint> Sheet::end(std::string_view address, std::string_view port, Family any) {
  return address_of(printed_end(address, port, any, services_));
}

Endpoint Sheet::cut_end(std::string_view word) { return named_end(std::string(word) + "..."); }

uint32_t Sheet::add(const Connection& c) {
  facts_.table.connections.push_back(c);
  return static_cast<uint32_t>(facts_.table.connections.size() - 1);
}

void Sheet::hold(uint32_t row, const Owner& owner) {
  names_holders_ = true;
  auto pid = owner.pid;
  if (!pid) {
    const auto next = Pid{-1 - static_cast<int32_t>(nameless_.size())};
    pid = nameless_.try_emplace(std::string(owner.name.substr(0, kLongestName)), next).first->second;
  }
  holders_.rows.push_back({row, *pid, owner.fd});
  const auto [it, is_new] = facts_.processes.try_emplace(*pid);
  if (is_new) {
    it->second = Process{.pid = *pid};
    it->second->frozen = tl::unexpected(Missing::NotOffered);
    it->second->descriptors = tl::unexpected(Missing::NotOffered);
  }
  if (it->second->name.empty()) it->second->name = owner.name.substr(0, kLongestName);
}

void Sheet::set_info(uint32_t row, const TcpInfo& info) {
  this->row(row).set_info(static_cast<uint32_t>(facts_.table.infos.size()));
  facts_.table.infos.push_back(info);
}

void Sheet::of_system(System system) {
  if (is_system_known_ || system == System::Unknown) return;
  facts_.system = system;
  is_system_known_ = true;
}

void Sheet::of_tool(std::string_view tool) {
  if (std::exchange(is_tool_known_, true)) return;
  facts_.source = tool;
}

void Sheet::of_host(std::string_view host) {
  if (facts_.host.empty()) facts_.host = host;
}

void Sheet::begin_section() {
  begin_section_at(rows());
  assumed_.reset();
}

void Sheet::begin_section_at(size_t row) {
  const auto first = static_cast<uint32_t>(row);
  if (first > 0 && (sections_.empty() || sections_.back() < first)) sections_.push_back(first);
}

void Sheet::merge(uint32_t into, uint32_t from) {
  add_what_is_missing(row(into), row(from));
  const auto age = facts_.table.reported_ages.extract(from);
  if (!age.empty()) facts_.table.reported_ages.try_emplace(into, age.mapped());
  into_[from] = into;
  ++merged_;
}

// Merges each row of a later section into the row of an earlier section about the same socket. Some sockets
// have the same ends (listeners that share a port): the first of a section is merged into the first of those,
// the second into the second; as many of them are kept as one section has.
void Sheet::merge_sections() {
  constexpr uint32_t kNone = UINT32_MAX;
  struct Last {
    uint32_t row = 0;  // the last row with these ends in this section
    uint32_t section = 0;
  };
  const auto& rows = facts_.table.connections;
  std::vector<Last> last(rows.size());             // by the first with its ends
  std::vector<uint32_t> next(rows.size(), kNone);  // with the same ends
  into_.resize(rows.size());
  RowIndex index(rows.size());
  uint32_t section = 0;
  for (uint32_t i = 0; i < rows.size(); ++i) {
    into_[i] = i;
    if (section < sections_.size() && sections_[section] == i) ++section;
    const auto hash = hash_of_ends(rows[i].local, rows[i].remote, 0);
    const auto first = index.find(hash, [&](uint32_t other) { return is_same_socket(rows[other], rows[i]); });
    if (!first) {
      index.add(hash, i);
      last[i] = {.row = i, .section = section};
      continue;
    }
    auto& l = last[*first];
    const auto twin = l.section == section ? next[l.row] : *first;
    if (twin == kNone) {
      next[l.row] = i;
    } else {
      merge(twin, i);
    }
    l = {.row = twin == kNone ? i : twin, .section = section};
  }
  if (merged_ > 0) drop_merged();
}

void Sheet::drop_merged() {
  auto& rows = facts_.table.connections;
  Pages<Connection> kept;
  std::unordered_map<uint32_t, Age> ages;
  for (uint32_t i = 0; i < rows.size(); ++i) {
    if (into_[i] != i) {
      into_[i] = into_[into_[i]];  // which comes before it, and has its new number
      continue;
    }
    into_[i] = static_cast<uint32_t>(kept.size());
    const auto age = facts_.table.reported_ages.find(i);
    if (age != facts_.table.reported_ages.end()) ages.emplace(into_[i], age->second);
    kept.push_back(rows[i]);
  }
  facts_.table.reported_ages = std::move(ages);
  rows = std::move(kept);
  for (auto& holder : holders_.rows) holder.inode = into_[holder.inode];
}

// Holders are joined by inode. Sockets without one get a number that is no inode.
void Sheet::give_numbers() {
  std::vector<uint32_t> taken;
  for (const auto& c : facts_.table.connections) {
    if (c.inode().value_or(0) != 0) taken.push_back(*c.inode());
  }
  std::sort(taken.begin(), taken.end());
  auto next_taken = taken.begin();
  uint32_t number = 0;
  const auto next_free = [&] {
    ++number;
    while (next_taken != taken.end() && *next_taken <= number) {
      if (*next_taken == number) ++number;
      ++next_taken;
    }
    return number;
  };
  for (auto& holder : holders_.rows) {
    auto& c = row(holder.inode);
    if (c.inode().value_or(0) == 0) c.set_number(next_free());
    holder.inode = *c.inode();
  }
}

// One command may give the pid of a holder, and another the program.
void Sheet::name_nameless() {
  auto& rows = holders_.rows;
  std::vector<Holder> kept;
  kept.reserve(rows.size());
  for (size_t i = 0; i < rows.size();) {
    const auto begin = i;
    while (i < rows.size() && rows[i].inode == rows[begin].inode) ++i;
    auto first = begin;
    if (i - begin == 2 && number(rows[begin].pid) < 0 && number(rows[begin + 1].pid) > 0) {
      const auto& program = facts_.processes[rows[begin].pid]->name;
      auto& name = facts_.processes[rows[begin + 1].pid]->name;
      if (name.empty()) name = program;
      if (name == program) ++first;
    }
    kept.insert(kept.end(), rows.begin() + static_cast<ptrdiff_t>(first),
                rows.begin() + static_cast<ptrdiff_t>(i));
  }
  rows = std::move(kept);
  const auto holds = [&](Pid pid) {
    return std::any_of(rows.begin(), rows.end(), [&](const Holder& h) { return h.pid == pid; });
  };
  std::erase_if(facts_.processes, [&](const auto& p) { return number(p.first) < 0 && !holds(p.first); });
}

Facts Sheet::finish() {
  if (!sections_.empty()) merge_sections();
  facts_.system = system();
  if (!is_tool_known_) facts_.source = "dump";
  facts_.fin_in_recv_q = facts_.system == System::Linux;
  const auto id = id_of(facts_.system);
  if (!id.empty()) facts_.source.append(1, '/').append(id);
  facts_.holders = tl::unexpected(Missing::NotOffered);
  if (names_holders_) {
    give_numbers();
    holders_.unreadable = hides_holders_ ? 1 : 0;
    holders_.sort();
    drop_repeated(holders_.rows);
    if (!nameless_.empty()) name_nameless();
    facts_.holders = std::move(holders_);
  }
  facts_.details = tl::unexpected(Missing::NotOffered);
  facts_.partners = tl::unexpected(Missing::NotOffered);
  facts_.table.names = std::move(names_);
  return std::move(facts_);
}

}  // namespace whywait::pasted
