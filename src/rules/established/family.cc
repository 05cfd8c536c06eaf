#include "rules/family.h"

#include "rules/sending/blocked_writer.h"

namespace whywait {
namespace {

// Rows that can wait; all other open connections are normal. If the source does not say whether one was
// accepted, nothing can be said about it.
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
