// The English that both renderings of a portrait share: the source of each fact, and why one is missing.
#pragma once

#include "render/portrait.h"

#include <map>
#include <string>
#include <string_view>

namespace whywait::render {

inline constexpr std::string_view kFromTable = "socket table";
inline constexpr std::string_view kFromSecondLook = "second look at the socket table";

// The source of facts about a process: /proc on this machine, the command that printed them in a dump.
std::string_view from_process(const Facts& facts);
std::string_view from_descriptors(const Facts& facts);
std::string_view from_tasks(const Facts& facts);
// The source of who watches a socket and who sleeps on it.
std::string_view source_of_details(const Facts& facts);

// "it needs root": the text after "because".
std::string reason(Missing missing, const Facts& facts);
// "cannot tell, because it needs root"
std::string cannot_tell(Missing missing, const Facts& facts);

// Why it is unknown who watches the sockets of a portrait.
std::string no_epoll_because(const Inspection& in);

// Why no descriptor refers to this row.
std::string no_holder_because(const Inspection& in, uint32_t row);

// "10.0.0.1:8080 to 10.0.0.2:40000", "0.0.0.0:8080".
std::string ends_of(const Connection& c);
// "4711", ":443", "10.0.0.1:443-10.0.0.2:50000": the arguments of `inspect`.
std::string text(const Target& target);

// "sleeping in recv() or read() of descriptor 7, CLOSE_WAIT 10.0.0.1:8080 to 10.0.0.2:40000"
std::string what_it_does(const ThreadTally& threads, const Facts& facts);

// "2 LISTEN, 7 CLOSE_WAIT"
std::string counts(const std::map<State, uint32_t>& states);
// " and 3 more"; empty if all were shown.
std::string and_more(size_t all, size_t shown);

// The kinds of descriptors of a process.
std::string kinds(const DescriptorTally& tally, const Descriptors& descriptors);
// The ages and queues of the connections in one state; empty if there is nothing to say.
std::string state_line(const StateTally& tally);
std::string service_line(const ServiceTally& service);
std::string epoll_line(State state, const EpollTally& tally);
std::string info_line(const TcpInfo& info);
// Who must act, according to the model of both ends.
std::string_view ending(const OtherEnd& end);

}  // namespace whywait::render
