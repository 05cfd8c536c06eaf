// Decodes the columns of a dump in every dialect: words, numbers, endpoints and states.
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

// The words of a line, separated by blanks; at most kMost of them.
class Words {
 public:
  static constexpr size_t kMost = 64;

  Words() = default;
  explicit Words(std::string_view line);

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  // Empty if there are not so many words.
  std::string_view operator[](size_t i) const { return i < size_ ? at_[i] : std::string_view(); }
  // The text from the beginning of one word to the end of another, with the blanks between them.
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

std::optional<double> decimal(std::string_view word);  // digits, with or without a fraction
bool is_number(std::string_view word);                 // only decimal digits
bool is_hex(std::string_view word);                    // only hexadecimal digits
bool equals_ignoring_case(std::string_view a, std::string_view b);

enum class Family : uint8_t { V4, V6 };

// An end of a connection as a dump prints it.
struct PrintedEnd {
  Address address;
  uint16_t port = 0;
  std::string name;  // the name that stands for the address, if not empty
};

// Decodes "10.0.0.1:80", "[::1]:80", "::1:80", "127.0.0.1.80" and "*.80" (BSD), "*:http",
// "localhost.locald:ssh". A scope ("%lo") is dropped. Known service names become numbers. A host name, or an
// address that is masked or cut short, becomes a named address; if the port is uncertain, the whole word
// does. Nothing if the word is not an endpoint.
std::optional<PrintedEnd> printed_end(std::string_view word, Family any, const Services& services);
// The same for an address and a port in separate columns.
std::optional<PrintedEnd> printed_end(std::string_view address, std::string_view port, Family any,
                                      const Services& services);
bool is_end(std::string_view word);

// The meaning of a word in the state column. Some words mean a socket that has no TCP state.
struct StateWord {
  State state = State::Unknown;
  bool is_connected = true;  // false: Bound, IDLE, UNCONN, Unbound: neither connected nor listening
};
// Recognises whole words of every dialect, including the translations of Windows and net-tools, also as wrong
// code pages mangle them.
std::optional<StateWord> state_word(std::string_view word);

// True for the word with which the details begin that ss prints after the endpoints of a row.
inline bool begins_details_of_ss(std::string_view word) {
  return word.starts_with("users:((") || word.starts_with("timer:(");
}

// Sets the queues as Linux prints them. For a listener, recv_q is the number of connections that wait for
// accept(), and netstat does not print the limit.
void set_queues_of_linux(Connection& c, uint32_t recv_q, uint32_t send_q);

}  // namespace whywait::pasted
