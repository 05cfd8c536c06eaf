#include "sources/pasted/words.h"

#include "sources/pasted/scanner.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include <fmt/format.h>

namespace whywait::pasted {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// The most frequent form by far.
std::optional<Endpoint> v4_endpoint(std::string_view word) {
  Scanner scanner(word);
  const auto end = scanner.v4_endpoint(':', '.');
  return scanner.at_end() ? end : std::nullopt;
}

bool is_service_name(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '+' || c == '/';
  });
}

Address any_address(Family family) { return family == Family::V6 ? Address() : Address::v4({}); }

// True for the name of a Unix host, and for a text that people put in its place; false for words of sentences
// and of other columns.
bool may_be_host(std::string_view host) {
  if (host.empty() || host.size() > 255 || host.front() == '(' || host.front() == '"') return false;
  return host.find_first_of("()=,;{}\"/") == std::string_view::npos;
}

// BSD's netstat leaves no more of an address before it adds the port (inetprint of usr.bin/netstat/inet.c).
constexpr size_t kBsdAddress = 16;

std::optional<PrintedEnd> host_of(std::string_view host, Family any, bool dotted) {
  host = host.substr(0, host.find('%'));
  if (host.empty() || host == "*") return PrintedEnd{.address = any_address(any)};
  const bool may_be_cut = dotted && host.size() == kBsdAddress && host.find(':') != std::string_view::npos;
  if (!may_be_cut) {
    if (const auto address = Address::parse(host)) return PrintedEnd{.address = *address};
  }
  if (!may_be_host(host)) return std::nullopt;
  const bool is_cut = host.find(':') != std::string_view::npos && !host.ends_with("...");
  return PrintedEnd{.name = std::string(host) + (is_cut ? "..." : "")};
}

// `whole` names an end of which the port is not known.
std::optional<PrintedEnd> with_port(PrintedEnd end, std::string_view port, std::string_view whole,
                                    const Services& services) {
  if (port == "*") return end;
  auto n = number<uint16_t>(port);
  if (!n && (!is_service_name(port) || is_number(port))) return std::nullopt;
  if (!n) n = services.port(port);
  if (!n) return PrintedEnd{.name = std::string(whole)};
  end.port = *n;
  return end;
}

}  // namespace

Words::Words(std::string_view line) {
  const char* at = line.data();
  const char* const end = at + line.size();
  while (size_ < kMost) {
    while (at != end && *at == ' ') ++at;
    if (at == end) return;
    const char* const begin = at;
    while (at != end && *at != ' ') ++at;
    at_[size_++] = {begin, static_cast<size_t>(at - begin)};
  }
}

std::string_view Words::from(size_t first, size_t last) const {
  if (first > last || last >= size_) return {};
  const auto& end = at_[last];
  return {at_[first].data(), static_cast<size_t>(end.data() + end.size() - at_[first].data())};
}

std::optional<double> decimal(std::string_view word) {
  double value = 0;
  if (word.find_first_not_of("0123456789.") != std::string_view::npos) return std::nullopt;  // "inf" is one
  const auto [end, error] =
      std::from_chars(word.data(), word.data() + word.size(), value, std::chars_format::fixed);
  if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return value;
}

bool is_number(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), is_digit);
}

bool is_hex(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return std::isxdigit(static_cast<unsigned char>(c)) != 0;
  });
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return upper(x) == upper(y); });
}

std::optional<PrintedEnd> printed_end(std::string_view word, Family any, const Services& services) {
  if (const auto end = v4_endpoint(word)) return PrintedEnd{.address = end->address, .port = end->port};
  if (word == "*") return PrintedEnd{.address = any_address(any)};
  const bool bracketed = word.starts_with('[');
  auto separator = bracketed ? word.find(']') + 1 : word.find_last_of(":.");
  if (bracketed && separator < word.size() && word[separator] == '%') separator = word.find(':', separator);
  if (separator >= word.size() || separator == 0 || (word[separator] != ':' && word[separator] != '.')) {
    // ":22": no more than a port, as some print any address.
    if (separator != 0 || !is_number(word.substr(1)) || word[0] != ':') return std::nullopt;
  }
  const auto host = bracketed ? word.substr(1, word.find(']') - 1) : word.substr(0, separator);
  const bool dotted = word[separator] == '.';
  auto end = host_of(host, any, dotted);
  if (!end) return std::nullopt;
  // net-tools cuts an IPv6 address, and may cut it in the port.
  const bool is_cut = !end->name.empty() && !dotted && host.find(':') != std::string_view::npos;
  if (is_cut) return PrintedEnd{.name = std::string(word) + "..."};
  return with_port(std::move(*end), word.substr(separator + 1), word, services);
}

std::optional<PrintedEnd> printed_end(std::string_view address, std::string_view port, Family any,
                                      const Services& services) {
  auto end = host_of(address, any, false);
  if (!end) return std::nullopt;
  return with_port(std::move(*end), port, fmt::format("{}:{}", address, port), services);
}

bool is_end(std::string_view word) { return printed_end(word, Family::V4, Services()).has_value(); }

void set_queues_of_linux(Connection& c, uint32_t recv_q, uint32_t send_q) {
  c.set_recv_q(recv_q);
  if (c.state != State::Listen) c.set_send_q(send_q);
}

}  // namespace whywait::pasted
