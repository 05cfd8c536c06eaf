// Reads the lines of a dump in batches. A thread of its own splits the lines and decodes the most frequent
// kind of row, because a dump can have a million.
#pragma once

#include "core/connection.h"
#include "sources/pasted/ahead.h"
#include "sources/pasted/lines.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace whywait::pasted {

class Batch {
 public:
  struct At {
    size_t begin = 0;
    size_t length = 0;
    uint32_t plain_row = kNone;  // index in plain_rows_
    bool too_long = false;
  };

  std::span<const At> lines() const { return lines_; }
  RawLine raw(const At& line) const {
    return {.text = std::string_view(bytes_).substr(line.begin, line.length), .too_long = line.too_long};
  }
  // The line decoded as a plain row of Linux netstat; null if it is anything else.
  const Connection* plain_row(const At& line) const {
    return line.plain_row == kNone ? nullptr : &plain_rows_[line.plain_row];
  }

  void clear();
  size_t size() const { return bytes_.size(); }
  void add(const RawLine& line, const Connection* plain_row);

 private:
  static constexpr uint32_t kNone = ~uint32_t{0};

  std::string bytes_;
  std::vector<At> lines_;
  std::vector<Connection> plain_rows_;
};

class Batches {
 public:
  explicit Batches(Read read);
  // The result is valid until the next call; null at the end.
  const Batch* next() { return ahead_.next(); }

 private:
  bool fill(Batch& batch);

  Lines lines_;
  Ahead<Batch> ahead_;
};

}  // namespace whywait::pasted
