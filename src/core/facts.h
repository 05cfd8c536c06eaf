// All facts about one host and, for each missing one, why it is missing. Sources fill this in and rules read
// it; facts are only added, never removed.
#pragma once

#include "core/answer.h"
#include "core/connection.h"
#include "core/partners.h"
#include "core/process.h"
#include "core/socket_detail.h"

#include <chrono>
#include <compare>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace whywait {

// The questions that a rule can ask a source. Every source gives the socket table without being asked.
enum class Question : uint8_t {
  Holders,     // which descriptors of which processes refer to each socket
  Process,     // identity, state and descriptors of one process
  Threads,     // the threads of one process, read twice
  SecondLook,  // one row of the socket table, read again a moment later
  Details,     // who watches and who waits on the sockets that a process holds
  // Who has the other ends of pipes and UNIX sockets, and which process holds a file lock that another waits
  // for.
  Partners,
};

// One question about one process, one row or the whole host.
struct Need {
  Question what = Question::Holders;
  Pid pid{0};
  uint32_t row = 0;  // index in Facts::table.connections

  auto operator<=>(const Need&) const = default;
};

// What kind of socket a descriptor refers to if no row of the socket table has its inode. A dead connection
// whose descriptor is still open does have a row, with State::Closed, if the source can see it.
enum class NotInTable : uint8_t {
  Other,        // not TCP: UNIX, UDP, netlink …
  Mptcp,        // an MPTCP connection; its subflows have rows
  Unconnected,  // TCP, not connected yet or only bound
  Tcp,          // TCP, but the source cannot tell whether it is unconnected or dead
};

struct SocketNotInTable {
  uint32_t inode = 0;
  NotInTable what = NotInTable::Other;

  auto operator<=>(const SocketNotInTable&) const = default;
};

// The entries of a sorted list that refer to this inode.
std::span<const Holder> holders_in(const std::vector<Holder>& sorted, uint32_t inode);

struct HolderTable {
  std::vector<Holder> rows;  // sorted
  // Sockets that an io_uring has registered: they have a holder but no descriptor. `fd` is the ring's.
  // Sorted.
  std::vector<Holder> rings;
  // Sockets in transit in a message over a UNIX socket (SCM_RIGHTS): no process holds them until one receives
  // the message. `pid` and `fd` are those of the UNIX socket in whose queue they are. Sorted.
  std::vector<Holder> in_flight;
  // The number of pipes that lead out of each process, if any (Descriptors::pipes); absent if the source does
  // not say.
  std::optional<std::map<Pid, uint32_t>> pipes;
  bool saw_rings = false;                      // `rings` is complete
  bool saw_flights = false;                    // `in_flight` is complete
  std::vector<SocketNotInTable> not_in_table;  // sorted
  // Processes whose descriptors whywait may not read; any of them may hold any socket.
  uint32_t unreadable = 0;
  Pid first_unreadable{0};  // one of these, if it is visible at all
  bool outside = false;     // this pid namespace does not list the processes outside it, if there are any

  std::span<const Holder> of(uint32_t inode) const { return holders_in(rows, inode); }
  std::optional<NotInTable> not_in_table_as(uint32_t inode) const;
  // True if a socket may have a holder that `rows` does not list.
  bool may_miss_holders() const { return unreadable > 0 || outside; }
  void sort();
};

// A connection at the second look: the fields that show whether it has moved.
struct SecondLookRow {
  bool is_there = false;  // false: no connection has these ends any more, and the fields below mean nothing
  State state = State::Closed;
  std::optional<uint32_t> recv_q;
  std::optional<uint32_t> inode;
  std::optional<uint64_t> cookie;
  std::optional<uint64_t> bytes_sent;
  Milliseconds after{0};  // time from the first look to this one
};

SecondLookRow later(const Connection& c, const TcpInfo* info, Milliseconds after);
SecondLookRow gone(Milliseconds after);

// The results of looking again at single rows.
class SecondLook {
 public:
  // Keeps the first answer for a row and ignores later ones.
  void add(uint32_t row, const Answer<SecondLookRow>& found);
  const Answer<SecondLookRow>& of(uint32_t row) const;  // NotAsked if nobody looked
  // The shortest time between the two looks at any row; nothing if no row was looked at again.
  std::optional<Milliseconds> after() const { return after_; }

 private:
  std::vector<uint32_t> place_;  // by row: 1 + the index in found_; 0 if nobody asked
  std::deque<Answer<SecondLookRow>> found_;
  std::optional<Milliseconds> after_;
};

// A part of this host that whywait could not read.
struct Gap {
  enum class What : uint8_t {
    Namespaces,    // network namespaces that could not be entered
    Descriptors,   // processes whose descriptors may not be read
    Processes,     // processes outside of this pid namespace
    SocketDetail,  // ages, cookies and timers: sock_diag was not available
    Rows,          // rows of the socket table: reading stopped early
  };
  What what = What::Rows;
  Missing why = Missing::Denied;
  uint32_t count = 0;  // of namespaces or processes; 0 if it is unknown
  std::string detail;  // the system's error message, if there was one
  Pid pid{0};          // one of the processes concerned

  bool operator==(const Gap&) const = default;
};

// The operating system that a table comes from.
enum class System : uint8_t {
  Unknown,
  Linux,
  Windows,
  MacOs,
  FreeBsd,
  OpenBsd,
  NetBsd,
  Solaris,
  Aix,
  HpUx,
  NonStop
};

// How a dump's lines were classified. Blank lines are not counted.
struct DumpLines {
  uint64_t rows = 0;      // TCP sockets, each a connection or a listener
  uint64_t repeated = 0;  // lines about a socket that has a row already: a further holder, another command
  uint64_t header_lines = 0;  // headers, prompts, titles and continuation lines of a row
  uint64_t others = 0;        // sockets that are not TCP: UDP, UNIX …
  uint64_t unconnected = 0;   // TCP sockets neither connected nor listening: Bound, IDLE, UNCONN, CLOSED
  uint64_t skipped = 0;       // lines that no parser recognised
  std::string first_skipped;  // the text of the first skipped line, with its number
  bool cut_short = false;     // the dump has more than was read
};

// Stands for host and boot id in redacted facts. Redacted names are valid within one file only.
inline constexpr std::string_view kRedacted = "redacted";

struct Facts {
  std::string host;
  std::string boot_id;
  std::string source = "live";
  std::string file;  // the file that was read, "-" for stdin; empty for this machine
  System system = System::Linux;
  std::optional<DumpLines> dump;  // set only for a dump
  // Counts per state that a dump gives instead of rows, as `sort | uniq -c` prints them.
  std::map<State, uint64_t> tally;
  bool fin_in_recv_q = true;  // recv_q counts an unread FIN as one, as on Linux
  bool as_root = false;       // read as root: more rights will not reveal a fact that was denied
  std::chrono::system_clock::time_point taken_at;
  std::optional<Milliseconds> uptime;

  SocketTable table;
  std::vector<Netns> whole;  // read completely: a row that is missing there does not exist
  Answer<HolderTable> holders = tl::unexpected(Missing::NotAsked);
  SecondLook second;
  std::map<Pid, Answer<Process>> processes;
  std::map<Pid, Answer<Threads>> threads;
  Answer<SocketDetails> details = tl::unexpected(Missing::NotAsked);
  Answer<Partners> partners = tl::unexpected(Missing::NotAsked);
  std::vector<Gap> gaps;

  const Answer<Process>& process(Pid pid) const;
  const Answer<Threads>& threads_of(Pid pid) const;
  // Why a need has no answer; nothing if it has one.
  std::optional<Missing> missing(const Need& need) const;
  bool is_whole(Netns netns) const;
  bool lacks_rows() const;  // reading the table stopped early
};

// For a source that has given all it can, such as a dump: marks whatever is still asked for as NotOffered.
void offer_no_more(std::span<const Need> needs, Facts& facts);

}  // namespace whywait
