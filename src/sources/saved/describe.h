// The fields of each record, described once for writing and for reading: `io(name, value)` writes the value
// or reads into it. Structured bindings take each struct apart whole, so that a field that is added to a
// struct does not compile until it is described here.
//
// A name is never changed or reused. A field that is added within a version must be optional or an Answer,
// because older files lack it.
#pragma once

#include "core/facts.h"

#include <concepts>
#include <map>
#include <optional>
#include <type_traits>

namespace whywait::saved {

// True also for a const T, which writing passes.
template <class T, class Of>
concept Is = std::same_as<std::remove_const_t<T>, Of>;

// Small structs that occur in very many rows. Each is written as a list of its parts without names; new parts
// are added only at the end.
template <class T>
concept Listed = Is<T, Timer> || Is<T, Shutdown> || Is<T, EpollInterest>;

void describe(auto& io, Is<Netns> auto& netns) { io("netns", netns); }

void describe(auto& io, Is<Timer> auto& timer) {
  auto& [kind, retransmits, expires_in] = timer;
  io("kind", kind);
  io("retransmits", retransmits);
  io("expires_in_ms", expires_in);
}

void describe(auto& io, Is<Shutdown> auto& shutdown) {
  auto& [receive, send] = shutdown;
  io("receive", receive);
  io("send", send);
}

// Every other Connection field with a bit in given_ is described with `given`.
static_assert(Connection::kFields == 8 && sizeof(Connection) == 88);

void describe(auto& io, Is<Connection> auto& c) {
  io("netns", c.netns);
  io("state", c.state);
  io("local", c.local);
  io("remote", c.remote);
  io("interface", c.interface);
  io.given("recv_q", c, &Connection::recv_q, &Connection::set_recv_q);
  io.given("send_q", c, &Connection::send_q, &Connection::set_send_q);
  io.given("inode", c, &Connection::inode, &Connection::set_inode);
  io.given("uid", c, &Connection::uid, &Connection::set_uid);
  io.given("cookie", c, &Connection::cookie, &Connection::set_cookie);
  io.given("timer", c, &Connection::timer, &Connection::set_timer);
  io.given("shutdown", c, &Connection::shutdown, &Connection::set_shutdown);
  io.given("info", c, &Connection::info, &Connection::set_info);
  io.flag("mptcp", c, &Connection::is_mptcp, &Connection::set_mptcp);
}

void describe(auto& io, Is<TcpInfo> auto& info) {
  auto& [last_data_sent, last_data_received, last_ack_received, data_segments_in, unacknowledged, send_window,
         bytes_received, bytes_acknowledged, bytes_sent, retransmits, probes] = info;
  io("last_data_sent_ms", last_data_sent);
  io("last_data_received_ms", last_data_received);
  io("last_ack_received_ms", last_ack_received);
  io("data_segments_in", data_segments_in);
  io("unacknowledged", unacknowledged);
  io("send_window", send_window);
  io("bytes_received", bytes_received);
  io("bytes_acknowledged", bytes_acknowledged);
  io("bytes_sent", bytes_sent);
  io("retransmits", retransmits);
  io("probes", probes);
}

void describe(auto& io, Is<Holder> auto& holder) {
  auto& [inode, pid, fd] = holder;
  io("inode", inode);
  io("pid", pid);
  io("fd", fd);
}

void describe(auto& io, Is<SocketNotInTable> auto& socket) {
  auto& [inode, what] = socket;
  io("inode", inode);
  io("what", what);
}

// Without its lists.
void describe(auto& io, Is<HolderTable> auto& holders) {
  auto& [rows, rings, in_flight, pipes, saw_rings, saw_flights, not_in_table, unreadable, first_unreadable,
         outside] = holders;
  io.told("pipes_told", pipes);
  io("saw_rings", saw_rings);
  io("saw_flights", saw_flights);
  io("unreadable", unreadable);
  io("first_unreadable", first_unreadable);
  io("outside", outside);
}

void describe(auto& io, Is<SecondLookRow> auto& later) {
  auto& [is_there, state, recv_q, inode, cookie, bytes_sent, after] = later;
  io("after_ms", after);
  io("is_there", is_there);
  io("state", state);
  io("recv_q", recv_q);
  io("inode", inode);
  io("cookie", cookie);
  io("bytes_sent", bytes_sent);
}

void describe(auto& io, Is<Descriptors> auto& descriptors) {
  auto& [open, pipes, limit] = descriptors;
  io("open", open);
  io("pipes", pipes);
  io("limit", limit);
}

// Without its pid.
void describe(auto& io, Is<Process> auto& process) {
  auto& [pid, parent, start_ticks, started, name, command_line, unit, container, frozen, descriptors] =
      process;
  io("parent", parent);
  io("start_ticks", start_ticks);
  io("started", started);
  io("name", name);
  io("command_line", command_line);
  io("unit", unit);
  io("container", container);
  io("frozen", frozen);
  io("descriptors", descriptors);
}

void describe(auto& io, Is<Futex> auto& futex) {
  auto& [address, is_pi] = futex;
  io("address", address);
  io("is_pi", is_pi);
}

void describe(auto& io, Is<SystemCall> auto& system_call) {
  auto& [call, fd, futex] = system_call;
  io("call", call);
  io("fd", fd);
  io("futex", futex);
}

void describe(auto& io, Is<CallFile> auto& file) {
  auto& [kind, inode] = file;
  io("kind", kind);
  io("inode", inode);
}

void describe(auto& io, Is<Thread> auto& thread) {
  auto& [tid, state, system_call, wait_channel, file, lock_owner, ran, last_given_cpu] = thread;
  io("tid", tid);
  io("state", state);
  io("system_call", system_call);
  io("wait_channel", wait_channel);
  io("file", file);
  io("lock_owner", lock_owner);
  io("ran_ns", ran);
  io("last_given_cpu_ms", last_given_cpu);
}

// Without its list.
void describe(auto& io, Is<Threads> auto& threads) {
  auto& [list, window] = threads;
  io("window_ms", window);
}

void describe(auto& io, Is<EpollInterest> auto& interest) {
  auto& [events, items, pending] = interest;
  io("events", events);
  io("items", items);
  io("pending", pending);
}

static_assert(sizeof(SocketDetail) == 20);

void describe(auto& io, Is<SocketDetail> auto& detail) {
  io("row", detail.row);
  io.given("epoll", detail, &SocketDetail::epoll, &SocketDetail::set_epoll);
  io.given("waiters", detail, &SocketDetail::waiters, &SocketDetail::set_waiters);
  io.given("listener", detail, &SocketDetail::listener, &SocketDetail::set_listener);
  io.given("dead_in_queue", detail, &SocketDetail::dead_in_queue, &SocketDetail::set_dead_in_queue);
  io.given("has_file", detail, &SocketDetail::has_file, &SocketDetail::set_has_file);
}

void describe(auto& io, Is<Waiter> auto& waiter) {
  auto& [row, tid] = waiter;
  io("row", row);
  io("tid", tid);
}

// Without its lists.
void describe(auto& io, Is<SocketDetails> auto& details) {
  auto& [rows, waiters, others, everywhere, read] = details;
  io("everywhere", everywhere);
  io("others", others);
}

void describe(auto& io, Is<PipeEnd> auto& end) {
  auto& [inode, pid, reads, writes] = end;
  io("inode", inode);
  io("pid", pid);
  io("reads", reads);
  io("writes", writes);
}

void describe(auto& io, Is<UnixPair> auto& pair) {
  auto& [inode, peer] = pair;
  io("inode", inode);
  io("peer", peer);
}

void describe(auto& io, Is<LockWait> auto& wait) {
  auto& [waiter, owner] = wait;
  io("waiter", waiter);
  io("owner", owner);
}

// Partners has only lists.
void describe(auto& /*io*/, Is<Partners> auto& /*partners*/) {}

void describe(auto& io, Is<Gap> auto& gap) {
  auto& [what, why, count, detail, pid] = gap;
  io("what", what);
  io("why", why);
  io("count", count);
  io("detail", detail);
  io("pid", pid);
}

// An element of a map whose key is a process or a row of the socket table.
template <class Key, class Value>
struct Entry {
  Key key{};
  Value value{};
};
template <class Key, class Value>
Entry(Key, Value) -> Entry<Key, Value>;

template <class T>
inline constexpr bool kIsEntry = false;
template <class Key, class Value>
inline constexpr bool kIsEntry<Entry<Key, Value>> = true;
template <class T>
concept AnEntry = kIsEntry<std::remove_const_t<T>>;

void describe(auto& io, AnEntry auto& entry) {
  auto& [key, value] = entry;
  using Key = std::remove_cvref_t<decltype(key)>;
  using Mapped = std::remove_cvref_t<decltype(value)>;
  io(std::is_same_v<Key, Pid> ? "pid" : "row", key);
  if constexpr (std::is_same_v<Mapped, std::optional<Missing>>) {
    io("missing", value);
  } else if constexpr (std::is_same_v<Mapped, uint32_t>) {
    io("count", value);
  } else if constexpr (std::is_same_v<Mapped, Thread>) {
    describe(io, value);
  } else {
    io.answer(value);
  }
}

// The first line, which also has the schema.
void describe_header(auto& io, Is<Facts> auto& facts) {
  io("host", facts.host);
  io("boot_id", facts.boot_id);
  io("source", facts.source);
  io("as_root", facts.as_root);
  io("taken_at", facts.taken_at);
  io("uptime_ms", facts.uptime);
}

// All other lines: their kinds, in order. The first of `rows` is preceded by a line with the names of their
// columns; the lists of possibly missing values come after it. Facts that only dumps have are not here,
// because saved facts always come from a live Linux host.
void describe_lines(auto& io, Is<Facts> auto& facts) {
  auto& [host, boot_id, source, file, system, dump, tally, fin_in_recv_q, as_root, taken_at, uptime, table,
         whole, holders, second, processes, threads, details, partners, gaps] = facts;
  io.rows("whole-namespace", whole);
  io.records("gap", gaps);
  io.rows("connection", table.connections);
  io.rows("info", table.infos);
  io.record("holders", holders);
  io.rows("holder", holders, &HolderTable::rows);
  io.rows("ring", holders, &HolderTable::rings);
  io.rows("in-flight", holders, &HolderTable::in_flight);
  io.rows("pipes-out", holders, &HolderTable::pipes);
  io.rows("untabled", holders, &HolderTable::not_in_table);
  io.records("process", processes);
  io.records("threads", threads);
  io.rows_of_each("thread", threads, &Threads::list);
  io.looks("second-look", second, facts);
  io.record("details", details);
  io.rows("detail", details, &SocketDetails::rows);
  io.rows("waiter", details, &SocketDetails::waiters);
  io.rows("details-asked", details, &SocketDetails::read);
  io.record("partners", partners);
  io.rows("pipe", partners, &Partners::pipes);
  io.rows("unix-pair", partners, &Partners::unix_pairs);
  io.rows("lock-wait", partners, &Partners::locks);
}

}  // namespace whywait::saved
