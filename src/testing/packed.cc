#include "testing/packed.h"

#include "sources/saved/frame.h"
#include "sources/saved/saved.h"

#include <algorithm>
#include <chrono>

namespace whywait::testing {
namespace {

using namespace std::chrono_literals;

std::string all_of(const std::function<bool(const saved::Sink&)>& write) {
  std::string out;
  write([&](std::string_view part) {
    out += part;
    return true;
  });
  return out;
}

saved::ByteSource source_of(std::string_view& left, size_t piece) {
  return [&left, piece](std::span<char> room) {
    const auto n = std::min({piece, room.size(), left.size()});
    std::copy_n(left.begin(), n, room.begin());
    left.remove_prefix(n);
    return n;
  };
}

SocketTable full_table() {
  SocketTable out;
  Connection listener;
  listener.netns = Netns{4026531840};
  listener.state = State::Listen;
  listener.local = {*Address::parse("::"), 443};
  listener.remote = {*Address::parse("0.0.0.0"), 0};
  out.connections.push_back(listener);
  Connection c;
  c.netns = Netns{4026532000};
  c.state = State::CloseWait;
  c.local = {*Address::parse("fe80::1"), 443};
  c.remote = {*Address::parse("2001:db8::ffff:2"), 65535};
  c.interface = 3;
  c.set_recv_q(4'000'000'000);
  c.set_send_q(0);
  c.set_inode(77);
  c.set_uid(1000);
  c.set_cookie(~uint64_t{0});
  c.set_timer({.kind = TimerKind::ZeroWindowProbe, .retransmits = 3, .expires_in = 119s});
  c.set_shutdown({.receive = true, .send = false});
  c.set_info(1);
  c.set_mptcp();
  out.connections.push_back(c);
  for (const auto state : kAllStates) {
    c.state = state;
    c.set_timer(
        {.kind = static_cast<TimerKind>(static_cast<int>(state) % 5), .retransmits = 1, .expires_in = 1ms});
    out.connections.push_back(c);
  }
  out.infos.push_back({});
  out.infos.push_back({.last_data_sent_ms = 1,
                       .last_data_received_ms = 2,
                       .last_ack_received_ms = 3,
                       .data_segments_in = 4,
                       .unacknowledged = 5,
                       .send_window = 6,
                       .bytes_received = ~uint64_t{0},
                       .bytes_acknowledged = 8,
                       .bytes_sent = 9,
                       .retransmits = 10,
                       .probes = 255});
  return out;
}

HolderTable full_holders() {
  return {.rows = {{77, Pid{1}, 4}, {77, Pid{2}, 5}, {78, Pid{1}, 6}},
          .rings = {{79, Pid{1}, 7}},
          .in_flight = {{80, Pid{2}, 8}},
          .pipes = {{{Pid{1}, 3U}, {Pid{2}, 1U}}},
          .saw_rings = true,
          .saw_flights = true,
          .not_in_table = {{81, NotInTable::Other},
                           {82, NotInTable::Mptcp},
                           {83, NotInTable::Unconnected},
                           {84, NotInTable::Tcp}},
          .unreadable = 5,
          .first_unreadable = Pid{9},
          .outside = true};
}

Threads full_threads() {
  Threads out{.list = {}, .window = 201ms};
  for (int i = 0; i < 14; ++i) {
    out.list.push_back({.tid = Tid{100 + i},
                        .state = static_cast<RunState>(i % 8),
                        .system_call = SystemCall{.call = static_cast<Call>(i), .fd = i - 3, .futex = {}},
                        .wait_channel = std::string("futex_wait_queue"),
                        .file = CallFile{static_cast<CallFile::Kind>(i % 3), 77},
                        .lock_owner = Tid{103},
                        .ran = 123456789ns,
                        .last_given_cpu = 5s});
  }
  out.list.front().system_call->futex = Futex{.address = 0xffffffffff, .is_pi = true};
  return out;
}

SocketDetails full_details() {
  SocketDetails out{.rows = {},
                    .waiters = {{1, Tid{100}}, {1, Tid{101}}},
                    .others = {},
                    .everywhere = true,
                    .read = {{Pid{1}, {}}, {Pid{2}, Missing::Denied}}};
  for (uint32_t row = 0; row < 3; ++row) {
    SocketDetail d;
    d.row = row;
    if (row != 0) d.set_epoll({.events = 0x80000001, .items = 2, .pending = {}});
    if (row == 1) d.set_epoll({.events = 0, .items = 255, .pending = true});
    if (row != 1) d.set_waiters(255);
    if (row != 2) d.set_listener(0);
    if (row == 0) d.set_dead_in_queue(9);
    d.set_has_file(row == 1);
    out.rows.push_back(d);
  }
  out.others.set_has_file(true);
  return out;
}

}  // namespace

Facts full_facts() {
  Facts out;
  out.host = "pay-07";
  out.boot_id = "3f1c2a9e";
  out.source = "saved";
  out.as_root = true;
  out.taken_at = std::chrono::system_clock::time_point(1714564800123456789ns);
  out.uptime = 86'400'123ms;
  out.table = full_table();
  out.whole = {Netns{4026531840}, Netns{4026532000}};
  out.holders = full_holders();
  out.second.add(1, SecondLookRow{.is_there = true,
                                  .state = State::CloseWait,
                                  .recv_q = 1U,
                                  .inode = 77U,
                                  .cookie = ~uint64_t{0},
                                  .bytes_sent = 9U,
                                  .after = 203ms});
  out.second.add(2, gone(204ms));
  out.second.add(3, tl::unexpected(Missing::CutShort));
  out.processes[Pid{1}] = Process{.pid = Pid{1},
                                  .parent = Pid{0},
                                  .start_ticks = ~uint64_t{0},
                                  .started = std::chrono::system_clock::time_point(1ns),
                                  .name = "a name",
                                  .command_line = "/usr/bin/a --name",
                                  .unit = "a.service",
                                  .container = "0123456789ab",
                                  .frozen = true,
                                  .descriptors = Descriptors{.open = 10, .pipes = 2, .limit = ~uint64_t{0}}};
  out.processes[Pid{2}] = Process{.pid = Pid{2}};
  out.processes[Pid{2}]->descriptors = Descriptors{};
  out.processes[Pid{3}] = tl::unexpected(Missing::Gone);
  out.threads[Pid{1}] = full_threads();
  out.threads[Pid{2}] = Threads{};
  out.threads[Pid{3}] = tl::unexpected(Missing::Denied);
  out.details = full_details();
  out.partners = Partners{.pipes = {{5, Pid{1}, true, false}, {5, Pid{2}, false, true}},
                          .unix_pairs = {{6, 7}, {7, 6}},
                          .locks = {{Pid{1}, Pid{2}}}};
  for (const auto what : {Gap::What::Namespaces, Gap::What::Descriptors, Gap::What::Processes,
                          Gap::What::SocketDetail, Gap::What::Rows}) {
    out.gaps.push_back(
        {.what = what, .why = Missing::CutShort, .count = 3, .detail = "open: No", .pid = Pid{4}});
  }
  return out;
}

std::string packed(const Facts& facts) {
  return all_of([&](const saved::Sink& sink) { return saved::write(facts, "0.0", sink); });
}

std::string unpacked(std::string_view file) {
  const auto source = source_of(file, file.size());
  saved::Unpacker unpacker(source);
  std::string out;
  while (unpacker.more(out)) continue;
  return out;
}

std::string packed_text(std::string_view text) {
  return all_of([&](const saved::Sink& sink) {
    saved::Packer packer(sink);
    packer.put(text);
    return packer.finish();
  });
}

tl::expected<Facts, std::string> read_bytes(std::string_view file, size_t piece) {
  return saved::read(source_of(file, piece));
}

tl::expected<Facts, std::string> read_again(const Facts& facts) { return read_bytes(packed(facts)); }

}  // namespace whywait::testing
