#include "sources/pasted/words.h"

#include "sources/pasted/scanner.h"

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <unordered_map>
#include <utility>

#include <netdb.h>

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

// /etc/services, or wherever this system has them. A dump of another system may mean another port by a name;
// for those that IANA has assigned they agree.
std::optional<uint16_t> service(std::string_view name) {
  static const auto all = [] {
    std::unordered_map<std::string, uint16_t> out;
    ::setservent(1);
    while (const auto* entry = ::getservent()) {
      const auto port = static_cast<uint16_t>((entry->s_port & 0xff) << 8 | (entry->s_port >> 8 & 0xff));
      if (std::string_view(entry->s_proto) != "tcp") continue;
      out.try_emplace(entry->s_name, port);
      for (auto* alias = entry->s_aliases; *alias != nullptr; ++alias) out.try_emplace(*alias, port);
    }
    ::endservent();
    return out;
  }();
  const auto it = all.find(std::string(name));
  return it == all.end() ? std::nullopt : std::optional(it->second);
}

bool is_service_name(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '+' || c == '/';
  });
}

Address any_address(Family family) { return family == Family::V6 ? Address() : Address::v4({}); }

// The names of Unix hosts and what people put in their place; no word of a sentence or of another column.
bool may_be_host(std::string_view host) {
  if (host.empty() || host.size() > 255 || host.front() == '(' || host.front() == '"') return false;
  return host.find_first_of("()=,;{}\"/") == std::string_view::npos;
}

// BSD's netstat leaves no more of an address before it adds the port (inetprint of usr.bin/netstat/inet.c).
constexpr size_t kBsdAddress = 16;

std::optional<Address> address_of(std::string_view host, Family any, bool dotted) {
  host = host.substr(0, host.find('%'));
  if (host.empty() || host == "*") return any_address(any);
  const bool may_be_cut = dotted && host.size() == kBsdAddress && host.find(':') != std::string_view::npos;
  if (!may_be_cut) {
    if (const auto address = Address::parse(host)) return address;
  }
  if (!may_be_host(host)) return std::nullopt;
  const bool is_cut = host.find(':') != std::string_view::npos && !host.ends_with("...");
  return is_cut ? Address::named(std::string(host) + "...") : Address::named(host);
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

std::optional<Endpoint> endpoint_of(std::string_view word, Family any) {
  if (const auto end = v4_endpoint(word)) return end;
  if (word == "*") return Endpoint{any_address(any), 0};
  const bool bracketed = word.starts_with('[');
  auto separator = bracketed ? word.find(']') + 1 : word.find_last_of(":.");
  if (bracketed && separator < word.size() && word[separator] == '%') separator = word.find(':', separator);
  if (separator >= word.size() || separator == 0 || (word[separator] != ':' && word[separator] != '.')) {
    // ":22": no more than a port, as some print any address.
    if (separator != 0 || !is_number(word.substr(1)) || word[0] != ':') return std::nullopt;
  }
  const auto host = bracketed ? word.substr(1, word.find(']') - 1) : word.substr(0, separator);
  const auto port = word.substr(separator + 1);
  const bool dotted = word[separator] == '.';
  const auto address = address_of(host, any, dotted);
  if (!address) return std::nullopt;
  // net-tools cuts an IPv6 address, and may cut it in the port.
  const bool is_cut = address->is_named() && !dotted && host.find(':') != std::string_view::npos;
  if (is_cut) return cut_endpoint(word);
  if (port == "*") return Endpoint{*address, 0};
  if (const auto n = number<uint16_t>(port)) return Endpoint{*address, *n};
  if (!is_service_name(port) || is_number(port)) return std::nullopt;
  if (const auto n = service(port)) return Endpoint{*address, *n};
  return Endpoint{Address::named(word), 0};
}

std::optional<Endpoint> endpoint_of(std::string_view address, std::string_view port, Family any) {
  if (port == "*" || port == "0") port = "0";
  const auto where = address_of(address, any, false);
  if (!where) return std::nullopt;
  if (const auto n = number<uint16_t>(port)) return Endpoint{*where, *n};
  if (!is_service_name(port) || is_number(port)) return std::nullopt;
  if (const auto n = service(port)) return Endpoint{*where, *n};
  return Endpoint{Address::named(std::string(address) + ":" + std::string(port)), 0};
}

void set_queues_of_linux(Connection& c, uint32_t recv_q, uint32_t send_q) {
  c.set_recv_q(recv_q);
  if (c.state != State::Listen) c.set_send_q(send_q);
}

Endpoint cut_endpoint(std::string_view word) { return {Address::named(std::string(word) + "..."), 0}; }

}  // namespace whywait::pasted
