// JSON that is safe to print to a terminal: it is pure ASCII, so no byte of a hostile name reaches the
// terminal; bytes that are not UTF-8 become U+FFFD. Include this only in .cc files of this folder, because
// the library is heavy.
#pragma once

#include "core/address.h"
#include "core/age.h"

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace whywait::render {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json);

Json json_of(const Endpoint& end);
Json json_of(const Age& age);
Json json_of(const std::optional<Age>& age);  // null if it is unknown
Json seconds(Milliseconds length);
Json seconds(std::optional<Milliseconds> length);

}  // namespace whywait::render
