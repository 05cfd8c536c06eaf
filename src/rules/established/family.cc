#include "rules/family.h"

#include "rules/sending/blocked_writer.h"

namespace whywait {
namespace {

// What can wait: the others that are open both ways are what a connection is for. Where it is not told
// whether one was accepted, nothing can be said of it.
bool takes(const RowView& view) {
  const auto inode = view.row.inode();
  return inode && (*inode == 0 || view.row.recv_q().value_or(0) > 0 || peer_takes_nothing(view));
}

// One that the peer blocks must not speak for those that it does not.
uint8_t apart(const RowView&, const Member& m) { return m.peer_takes_nothing ? 1 : 0; }

}  // namespace

constinit const Family kEstablished{
    .state = State::Established, .takes = takes, .marks = nullptr, .apart = apart};

}  // namespace whywait
