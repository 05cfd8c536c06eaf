// The subject of an inspection: a process, a port or a connection.
#pragma once

#include "core/address.h"
#include "core/process.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace whywait {

// A port at either end.
enum class Port : uint16_t {};

// The ends of a connection in either order: the local end of one row is the remote end of the other end's
// row.
struct Ends {
  Endpoint one;
  Endpoint other;

  bool operator==(const Ends&) const = default;
};

using Target = std::variant<Pid, Port, Ends>;

// "4711", ":443", "10.0.0.1:443-[2001:db8::1]:50000". Nothing for any other text.
std::optional<Target> parse_target(std::string_view text);

}  // namespace whywait
