#include "render/json.h"

#include <nlohmann/json.hpp>

namespace whywait::render {

std::string dump(const Json& json) { return json.dump(-1, ' ', true, Json::error_handler_t::replace); }

Json json_of(const Endpoint& end) { return {{"address", whywait::text(end.address)}, {"port", end.port}}; }

Json json_of(const Age& age) {
  return {{"at_least_s", seconds(age.at_least)}, {"at_most_s", seconds(age.at_most)}};
}

Json json_of(const std::optional<Age>& age) { return age ? json_of(*age) : Json(); }

Json seconds(Milliseconds length) { return double(length.count()) / 1000; }

Json seconds(std::optional<Milliseconds> length) { return length ? seconds(*length) : Json(); }

}  // namespace whywait::render
