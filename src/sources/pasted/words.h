// What the columns of a dump are made of: words, numbers, ends of connections, states, in every dialect.
#pragma once

#include "core/connection.h"
#include "sources/pasted/services.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace whywait::pasted {

// The words of a line, parted by blanks; at most kMost of them.
class Words {
 public:
  static constexpr size_t kMost = 64;

  Words() = default;
  explicit Words(std::string_view line);

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  // Empty where there are not so many.
  std::string_view operator[](size_t i) const { return i < size_ ? at_[i] : std::string_view(); }
  // From the beginning of a word to the end of another, blanks and all.
  std::string_view from(size_t first, size_t last) const;
  std::string_view from(size_t first) const {
    return size_ == 0 ? std::string_view() : from(first, size_ - 1);
  }

 private:
  std::array<std::string_view, kMost> at_{};
  size_t size_ = 0;
};

template <class T>
std::optional<T> number(std::string_view word, int base = 10) {
  T value{};
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value, base);
  if (word.empty() || error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return value;
}

std::optional<double> decimal(std::string_view word);  // digits, with or without a point and more of them
bool is_number(std::string_view word);                 // nothing but digits
bool is_hex(std::string_view word);                    // nothing but hexadecimal digits
bool equals_ignoring_case(std::string_view a, std::string_view b);

enum class Family : uint8_t { V4, V6 };

// An end of a connection as a dump prints it.
struct PrintedEnd {
  Address address;
  uint16_t port = 0;
  std::string name;  // in place of the address, where it is not empty
};

// "10.0.0.1:80", "[::1]:80", "::1:80", "127.0.0.1.80" and "*.80" (BSD), "*:http", "localhost.locald:ssh"; a
// scope ("%lo") is dropped. Service names become numbers where they are known. What is a name, is masked or
// was cut short is a name; where the port is not known for sure, the whole is. Nothing for a word that is no
// end.
std::optional<PrintedEnd> printed_end(std::string_view word, Family any, const Services& services);
// The same of an address and a port in columns of their own.
std::optional<PrintedEnd> printed_end(std::string_view address, std::string_view port, Family any,
                                      const Services& services);
bool is_end(std::string_view word);

// What a word for a state says. Besides the states of a connection there are words for sockets that have
// none.
struct StateWord {
  State state = State::Unknown;
  bool is_connected = true;  // false: Bound, IDLE, UNCONN, Unbound: neither connected nor listening
};
// Whole words of every dialect, of Windows and net-tools in the languages that they translate them to, also
// as code pages mangle them.
std::optional<StateWord> state_word(std::string_view word);

// What ss tells behind the ends of a row.
inline bool begins_details_of_ss(std::string_view word) {
  return word.starts_with("users:((") || word.starts_with("timer:(");
}

// Of a listener, Linux tells how many wait to be accepted, and netstat does not tell the limit.
void set_queues_of_linux(Connection& c, uint32_t recv_q, uint32_t send_q);

}  // namespace whywait::pasted
