// What both renderings of a portrait say alike: where each fact comes from, and why one is not there.
#pragma once

#include "render/portrait.h"

#include <map>
#include <string>
#include <string_view>

namespace whywait::render {

inline constexpr std::string_view kFromTable = "socket table";
inline constexpr std::string_view kFromSecondLook = "second look at the socket table";

// Where facts of a process come from: on this machine /proc, of a dump the command that printed it.
std::string_view from_process(const Facts& facts);
std::string_view from_descriptors(const Facts& facts);
std::string_view from_tasks(const Facts& facts);
// Of who watches a socket and who sleeps on it.
std::string_view source_of_details(const Facts& facts);

// "it needs root": what stands after "because".
std::string reason(Missing missing, const Facts& facts);
// "cannot tell, because it needs root"
std::string cannot_tell(Missing missing, const Facts& facts);

// Why it is not known who watches the sockets of a portrait.
std::string no_epoll_because(const Inspection& in);

// Why no descriptor leads to this row.
std::string no_holder_because(const Inspection& in, uint32_t row);

// "10.0.0.1:8080 to 10.0.0.2:40000", "0.0.0.0:8080".
std::string ends_of(const Connection& c);
// "4711", ":443", "10.0.0.1:443-10.0.0.2:50000": what `inspect` takes.
std::string text(const Target& target);

// "sleeping in recv() or read() of descriptor 7, CLOSE_WAIT 10.0.0.1:8080 to 10.0.0.2:40000"
std::string what_it_does(const ThreadTally& threads, const Facts& facts);

// "2 LISTEN, 7 CLOSE_WAIT"
std::string counts(const std::map<State, uint32_t>& states);
// " and 3 more", nothing where all were shown.
std::string and_more(size_t all, size_t shown);

// What the descriptors of a process lead to.
std::string kinds(const DescriptorTally& tally, const Descriptors& descriptors);
// Ages and queues of the connections in one state; empty where there is nothing to say of them.
std::string state_line(const StateTally& tally);
std::string service_line(const ServiceTally& service);
std::string epoll_line(State state, const EpollTally& tally);
std::string info_line(const TcpInfo& info);
// Whose move it is, as the model of both ends has it.
std::string_view ending(const OtherEnd& end);

}  // namespace whywait::render
