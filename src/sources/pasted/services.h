// Ports by service name, because commands print names unless -n is given.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace whywait::pasted {

class Services {
 public:
  Services() = default;  // an empty table
  // Reads a file in the format of services(5), and adds built-in names that it lacks. Another system may use
  // another port for a name; for the names that IANA has assigned they agree.
  explicit Services(std::string_view file);

  std::optional<uint16_t> port(std::string_view name) const;

 private:
  void add(std::string_view line);

  std::map<std::string, uint16_t, std::less<>> ports_;
};

}  // namespace whywait::pasted
