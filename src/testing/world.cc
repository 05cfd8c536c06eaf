#include "testing/world.h"

#include <algorithm>
#include <utility>

namespace whywait::testing {
namespace {

const Address kHere = *Address::parse("127.0.0.1");
const Address kThere = *Address::parse("10.9.8.7");
const Address kOwn = *Address::parse("10.0.0.1");
constexpr int kFirstFd = 10;

uint32_t milliseconds(Milliseconds m) { return static_cast<uint32_t>(m.count()); }

// In which state the other end is.
State counterpart_of(State state) {
  if (state == State::CloseWait) return State::FinWait2;
  return state == State::FinWait2 ? State::CloseWait : State::Established;
}

}  // namespace

World::World() {
  facts_.host = "box";
  facts_.uptime = std::chrono::hours(24);
  facts_.whole = {kNetns};
  facts_.details = tl::unexpected(Missing::NotOffered);
}

World& World::process(int pid, const std::string& name, const std::vector<Doing>& doing) {
  Process p;
  p.pid = Pid{pid};
  p.start_ticks = 4711;
  p.name = name;
  p.frozen = false;
  p.descriptors = Descriptors{.open = 50, .pipes = 0, .limit = 1024};
  facts_.processes[p.pid] = p;
  Threads threads{.list = {}, .window = kLook};
  int tid = pid;
  for (const auto& d : doing) {
    threads.list.push_back({.tid = Tid{tid++},
                            .state = d.state,
                            .system_call = SystemCall{.call = d.call},
                            .wait_channel = std::string("test"),
                            .ran = d.ran});
  }
  facts_.threads[p.pid] = threads;
  return *this;
}

void World::hold(uint32_t inode, const std::vector<int>& pids) {
  int fd = kFirstFd;
  for (const auto pid : pids) holders_.rows.push_back({inode, Pid{pid}, fd++});
}

uint32_t World::add(Connection c, const TcpInfo& info, bool stays) {
  auto& table = facts_.table;
  c.netns = kNetns;
  c.set_uid(0);
  c.set_cookie(table.connections.size() + 1);
  c.set_timer({});
  c.set_shutdown({});
  c.set_info(static_cast<uint32_t>(table.infos.size()));
  table.infos.push_back(info);
  table.connections.push_back(c);
  later_.emplace_back(stays ? later(c, &info, kLook) : gone(kLook));
  return static_cast<uint32_t>(table.connections.size() - 1);
}

World& World::listener(uint16_t port, const std::vector<int>& pids, uint32_t queued, uint32_t limit) {
  Connection c;
  c.state = State::Listen;
  c.local = {*Address::parse("0.0.0.0"), port};
  c.set_recv_q(queued);
  c.set_send_q(limit);
  c.set_inode(next_inode());
  hold(*c.inode(), pids);
  add(c, {}, true);
  return *this;
}

World& World::close_wait(const ConnectionGroup& pile) {
  for (uint32_t i = 0; i < pile.count; ++i) {
    Connection c;
    c.state = pile.state;
    const bool same_host = pile.peer != PeerEnd::Unseen;
    c.local = {same_host ? kHere : kOwn, pile.port};
    c.remote = {same_host ? kHere : kThere, ++peer_port_};
    if (pile.client) std::swap(c.local.port, c.remote.port);
    c.set_recv_q(pile.recv_q);
    c.set_send_q(pile.send_q);
    c.set_inode(pile.pids.empty() ? 0 : next_inode());
    hold(*c.inode(), pile.pids);
    const TcpInfo info{.last_data_sent_ms = milliseconds(pile.sent_ago),
                       .last_data_received_ms = milliseconds(pile.age.at_most.value_or(Milliseconds(0))),
                       .last_ack_received_ms = milliseconds(pile.age.at_least),
                       .send_window = pile.window,
                       .bytes_sent = pile.bytes_sent};
    const auto watch = EpollInterest{.events = pile.watched ? 1U : 0U,
                                     .items = static_cast<uint8_t>(pile.watched ? 1 : 0),
                                     .pending = pile.pending};
    add_detail(add(c, info, !pile.moved), watch, 0);
    if (pile.peer != PeerEnd::Open) continue;
    Connection other;
    other.state = counterpart_of(pile.state);
    other.local = c.remote;
    other.remote = c.local;
    other.set_recv_q(pile.peer_recv_q);
    other.set_send_q(0);
    other.set_inode(next_inode());
    hold(*other.inode(), pile.peer_pids);
    auto its = pile.state == State::FinWait2 ? info : TcpInfo{};
    if (pile.peer_flows) its.bytes_sent = 500;
    if (pile.peer_flows) its.last_data_sent_ms = 3000;
    add_detail(add(other, its, true), {.items = 0, .pending = false}, pile.peer_waits ? 1 : 0);
  }
  return *this;
}

void World::add_detail(uint32_t row, const EpollInterest& epoll, uint32_t waiters) {
  SocketDetail d;
  d.row = row;
  d.set_has_file(facts_.table.connections[row].inode().value_or(0) != 0);
  d.set_epoll(epoll);
  d.set_waiters(waiters);
  details_.rows.push_back(d);
}

World& World::with_details() {
  has_details_ = true;
  return *this;
}

World& World::held_by_ring(int pid) {
  for (const auto& c : facts_.table.connections) {
    const auto inode = c.inode().value_or(0);
    const auto is_of = [&](const Holder& h) { return h.inode == inode; };
    const auto& rows = holders_.rows;
    if (inode == 0 || std::any_of(rows.begin(), rows.end(), is_of)) continue;
    holders_.rings.push_back({inode, Pid{pid}, kFirstFd});
  }
  return *this;
}

World& World::half_closed(int pid, uint32_t count) {
  for (uint32_t i = 0; i < count; ++i) {
    made_connection(pid);
    facts_.table.connections.back().state = State::FinWait2;
    later_.back() = later(facts_.table.connections.back(), nullptr, kLook);
  }
  return *this;
}

World& World::stop_listening() {
  const auto rows = std::exchange(facts_.table.connections, {});
  const auto later = std::exchange(later_, {});
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].state == State::Listen) continue;
    facts_.table.connections.push_back(rows[i]);
    later_.push_back(later[i]);
  }
  return *this;
}

World& World::made_connection(int pid) {
  Connection c;
  c.state = State::Established;
  c.local = {kOwn, ++peer_port_};
  c.remote = {kThere, 5432};
  c.set_recv_q(0);
  c.set_send_q(0);
  c.set_inode(next_inode());
  hold(*c.inode(), {pid});
  add(c, {}, true);
  return *this;
}

World& World::other_sockets(int pid, uint32_t count) {
  for (uint32_t i = 0; i < count; ++i) hold(next_inode(), {pid});
  return *this;
}

Facts World::facts() const {
  Facts out = facts_;
  for (uint32_t row = 0; row < later_.size(); ++row) out.second.add(row, later_[row]);
  out.holders = holders_;
  out.holders->sort();
  if (has_details_) out.details = details_;
  return out;
}

}  // namespace whywait::testing
