// Everything that is known of one host, and for everything that is not, why. Rules read it, sources fill it;
// it only ever grows.
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

// What can be asked of a source, beyond the socket table that every source begins with.
enum class Question : uint8_t {
  Holders,     // which descriptors of which processes refer to each socket
  Process,     // one process: identity, state, descriptors
  Threads,     // its threads, looked at twice
  SecondLook,  // one row of the socket table again, a moment later
  Details,     // of the sockets that a process holds: who watches them, who waits on them
  Partners,    // who has the other ends of pipes and UNIX sockets, and whose locks others wait for
};

// Asked of one process, of one row, or of the host.
struct Need {
  Question what = Question::Holders;
  Pid pid{0};
  uint32_t row = 0;  // index in Facts::table.connections

  auto operator<=>(const Need&) const = default;
};

// What a descriptor of a socket leads to where no row of the socket table has its inode.
enum class NotInTable : uint8_t {
  Other,        // no TCP at all: UNIX, UDP, netlink …
  Mptcp,        // the connection of MPTCP itself; its subflows have rows
  Unconnected,  // TCP, not connected yet, or only bound
  Tcp,          // TCP, and either of the two: not connected yet, or dead
};
// A dead connection whose descriptor is still open has a row, State::Closed, where the source can tell.

struct SocketNotInTable {
  uint32_t inode = 0;
  NotInTable what = NotInTable::Other;

  auto operator<=>(const SocketNotInTable&) const = default;
};

// Of a sorted list, those of this socket.
std::span<const Holder> holders_in(const std::vector<Holder>& sorted, uint32_t inode);

struct HolderTable {
  std::vector<Holder> rows;  // sorted
  // Sockets that an io_uring has registered: they have a holder, and no descriptor. Sorted; fd is the ring's.
  std::vector<Holder> rings;
  // Sockets on their way in a message over a UNIX socket (SCM_RIGHTS): nobody's until it is received. Sorted;
  // what the pid and fd hold is the UNIX socket in whose queue they are.
  std::vector<Holder> in_flight;
  // Of each process that has any, the pipes that lead out of it (Descriptors::pipes); absent where not told.
  std::optional<std::map<Pid, uint32_t>> pipes;
  bool saw_rings = false;                      // `rings` is all there is
  bool saw_flights = false;                    // and `in_flight`
  std::vector<SocketNotInTable> not_in_table;  // sorted
  uint32_t unreadable = 0;  // processes whose descriptors may not be read: any of them may hold any socket
  Pid first_unreadable{0};  // one of them, where it may be seen at all
  bool outside = false;     // processes outside of this pid namespace, if any, are not even listed

  std::span<const Holder> of(uint32_t inode) const { return holders_in(rows, inode); }
  std::optional<NotInTable> not_in_table_as(uint32_t inode) const;
  // A socket of which there is no row may have a holder all the same.
  bool may_miss_holders() const { return unreadable > 0 || outside; }
  void sort();
};

// A connection a moment after it was seen first: as much of it as tells whether it stood still.
struct SecondLookRow {
  bool is_there = false;  // else no connection has these ends any more, and what follows means nothing
  State state = State::Closed;
  std::optional<uint32_t> recv_q;
  std::optional<uint32_t> inode;
  std::optional<uint64_t> cookie;
  std::optional<uint64_t> bytes_sent;
  Milliseconds after{0};  // from the first look to this one
};

SecondLookRow later(const Connection& c, const TcpInfo* info, Milliseconds after);
SecondLookRow gone(Milliseconds after);

// What looking again at single rows found.
class SecondLook {
 public:
  // The first answer for a row stays.
  void add(uint32_t row, const Answer<SecondLookRow>& found);
  const Answer<SecondLookRow>& of(uint32_t row) const;  // NotAsked where nobody looked
  // The shortest time after which a row was looked at; nothing where none was.
  std::optional<Milliseconds> after() const { return after_; }

 private:
  std::vector<uint32_t> place_;  // by row, in found_ and one more; 0: not asked
  std::deque<Answer<SecondLookRow>> found_;
  std::optional<Milliseconds> after_;
};

// Something on this host that whywait did not read.
struct Gap {
  enum class What : uint8_t {
    Namespaces,    // network namespaces that could not be entered
    Descriptors,   // processes whose descriptors may not be read
    Processes,     // processes outside of this pid namespace
    SocketDetail,  // ages, cookies and timers, because the kernel's socket diagnosis was not to be had
    Rows,          // rows of the socket table: reading it was cut short
  };
  What what = What::Rows;
  Missing why = Missing::Denied;
  uint32_t count = 0;  // of namespaces or processes; 0: not countable
  std::string detail;  // the error of the system, where there was one
  Pid pid{0};          // one of the processes

  bool operator==(const Gap&) const = default;
};

// The system that a table is of.
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

// What became of the lines of a dump. Blank lines are not counted.
struct DumpLines {
  uint64_t rows = 0;          // of TCP, each a connection or a listener
  uint64_t repeated = 0;      // that tell of a socket again: a second holder, another command
  uint64_t header_lines = 0;  // headers, prompts, titles, further lines of a row
  uint64_t others = 0;        // UDP, UNIX and what else is no TCP
  uint64_t unconnected = 0;  // TCP sockets that are neither connected nor listen: Bound, IDLE, UNCONN, CLOSED
  uint64_t skipped = 0;      // that were not understood
  std::string first_skipped;  // with its number
  bool cut_short = false;     // there is more in it than was read
};

// Host and boot id of facts in which other names stand for all, those of each file its own.
inline constexpr std::string_view kRedacted = "redacted";

struct Facts {
  std::string host;
  std::string boot_id;
  std::string source = "live";
  std::string file;  // from which they were read, or "-"; empty where this machine was
  System system = System::Linux;
  std::optional<DumpLines> dump;  // where it was read from one
  // Counts that a dump has in place of rows, as `sort | uniq -c` makes them.
  std::map<State, uint64_t> tally;
  bool fin_in_recv_q = true;  // Recv-Q counts an unread FIN as one: Linux does
  bool as_root = false;  // read with root's rights: what was denied all the same, more rights will not show
  std::chrono::system_clock::time_point taken_at;
  std::optional<Milliseconds> uptime;

  SocketTable table;
  std::vector<Netns>
      whole;  // namespaces of which every row was read: there, a row that is missing does not exist
  Answer<HolderTable> holders = tl::unexpected(Missing::NotAsked);
  SecondLook second;
  std::map<Pid, Answer<Process>> processes;
  std::map<Pid, Answer<Threads>> threads;
  Answer<SocketDetails> details = tl::unexpected(Missing::NotAsked);
  Answer<Partners> partners = tl::unexpected(Missing::NotAsked);
  std::vector<Gap> gaps;

  const Answer<Process>& process(Pid pid) const;
  const Answer<Threads>& threads_of(Pid pid) const;
  // Why a need is not answered; nothing where it is.
  std::optional<Missing> missing(const Need& need) const;
  bool is_whole(Netns netns) const;
  bool lacks_rows() const;  // reading the table ended early
};

// For sources that have told all they can, such as a dump: what is still asked for is NotOffered.
void offer_no_more(std::span<const Need> needs, Facts& facts);

}  // namespace whywait
