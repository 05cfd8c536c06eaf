// Writes facts to a file and reads them back, so that they can be judged elsewhere and later. docs/SAVED.md
// describes the format.
#pragma once

#include "core/facts.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace whywait::saved {

// The version that write() writes. read() accepts this version and all earlier ones.
inline constexpr uint32_t kVersion = 1;

// Fills part or all of the span and returns the number of bytes; 0 at the end. After an error it returns 0
// too; its owner keeps the reason and must ask for it after read().
using ByteSource = std::function<size_t(std::span<char>)>;
// Takes the next bytes of the file; returns false to refuse any more.
using Sink = std::function<bool(std::string_view)>;

// Recognises a saved file by its first four bytes.
bool is_saved(std::string_view first_bytes);

// Returns all facts that were written, with the source "saved" in place of "live". A fact that nobody asked
// for stays Missing::NotAsked, although nobody can answer it any more.
//
// An error is a predicate to print after the name of the file: "is cut short: …". For any bytes, reading
// takes no more memory than a small multiple of their number, and the result is fit to be judged: referenced
// rows exist, and the lists that must be sorted are sorted.
tl::expected<Facts, std::string> read(const ByteSource& source);

// Returns false if the sink refused a part. `whywait` is the version of the program.
bool write(const Facts& facts, std::string_view whywait, const Sink& sink);

// A random secret that is never stored.
using Salt = std::array<uint32_t, 8>;

// Returns the same facts under other names. Addresses, host name, boot id, names of processes, units,
// containers, users and futexes are replaced; command lines and the system's error messages are dropped.
// Equal values stay equal and different ones stay different; the salt alone determines which new name
// replaces an old one. No verdict depends on any of these.
//
// An address keeps its family and shares its network (/24, /64) with the same addresses as before. Loopback
// and unspecified addresses stay. 10/8, 172.16/12, 192.168/16, 169.254/16, 100.64/10, fe80::/10 and fc00::/7
// stay within their range; all others become addresses in 240.0.0.0/4 and 2001:db8::/32, which no host has.
// Ports, process ids, inodes, times and sizes stay: verdicts need them, and they reveal little by themselves.
Facts redact(Facts facts, const Salt& salt);

}  // namespace whywait::saved
