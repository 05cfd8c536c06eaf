// Ports by the names of services, which commands print where nobody told them not to (-n).
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
  Services() = default;  // knows none
  // Those of a file as services(5) describes /etc/services, and, where it lacks them, those that are built
  // in. A dump of another system may mean another port by a name; for those that IANA has assigned they
  // agree.
  explicit Services(std::string_view file);

  std::optional<uint16_t> port(std::string_view name) const;

 private:
  void add(std::string_view line);

  std::map<std::string, uint16_t, std::less<>> ports_;
};

}  // namespace whywait::pasted
