// The lines of a dump, many at a time. They are split, and rows of the most frequent kind are read, on a
// thread of its own: a dump can have a million.
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
    uint32_t plain_row = kNone;  // a number of plain_row()
    bool too_long = false;
  };

  std::span<const At> lines() const { return lines_; }
  RawLine raw(const At& line) const {
    return {.text = std::string_view(bytes_).substr(line.begin, line.length), .too_long = line.too_long};
  }
  // The line as a row of Linux' netstat, if it is one with which there is nothing special; else null.
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
  // Valid until the next call; null at the end.
  const Batch* next() { return ahead_.next(); }

 private:
  bool fill(Batch& batch);

  Lines lines_;
  Ahead<Batch> ahead_;
};

}  // namespace whywait::pasted
