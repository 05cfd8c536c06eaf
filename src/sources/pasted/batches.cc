#include "sources/pasted/batches.h"

#include "sources/pasted/scanner.h"
#include "sources/pasted/words.h"

#include <utility>

namespace whywait::pasted {
namespace {

// "tcp        0      0 10.0.0.1:8443           10.0.0.9:41414          CLOSE_WAIT": IPv4, and nothing after
// the state. All else is for the parser of netstat, which would make the same of these.
bool read_plain_row(std::string_view line, Connection& row) {
  Scanner scanner(line);
  if (!scanner.skip("tcp")) return false;
  scanner.skip('6');
  if (scanner.skip_blanks() == 0) return false;
  const auto recv_q = scanner.number();
  if (!recv_q || scanner.skip_blanks() == 0) return false;
  const auto send_q = scanner.number();
  if (!send_q || scanner.skip_blanks() == 0) return false;
  const auto local = scanner.v4_endpoint(':', ':');
  if (!local || scanner.skip_blanks() == 0) return false;
  const auto remote = scanner.v4_endpoint(':', ':');
  if (!remote || scanner.skip_blanks() == 0) return false;
  const auto state = state_word(scanner.word());
  if (!state || !state->is_connected) return false;
  scanner.skip_blanks();
  if (!scanner.at_end()) return false;

  static constexpr Connection kNew;
  row = kNew;
  row.local = *local;
  row.remote = *remote;
  row.state = state->state;
  set_queues_of_linux(row, *recv_q, *send_q);
  return true;
}

}  // namespace

void Batch::clear() {
  bytes_.clear();
  lines_.clear();
  plain_rows_.clear();
}

void Batch::add(const RawLine& line, const Connection* plain_row) {
  auto& at = lines_.emplace_back(At{bytes_.size(), line.text.size(), kNone, line.too_long});
  bytes_ += line.text;
  if (plain_row == nullptr) return;
  at.plain_row = static_cast<uint32_t>(plain_rows_.size());
  plain_rows_.push_back(*plain_row);
}

Batches::Batches(Read read) : lines_(std::move(read)), ahead_([this](Batch& batch) { return fill(batch); }) {}

bool Batches::fill(Batch& batch) {
  constexpr size_t kEnough = size_t{128} << 10U;
  batch.clear();
  Connection row;
  while (batch.size() < kEnough) {
    const auto line = lines_.next();
    if (!line) return false;
    batch.add(*line, read_plain_row(line->text, row) ? &row : nullptr);
  }
  return true;
}

}  // namespace whywait::pasted
