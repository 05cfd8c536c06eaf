// Facts in a file, so that they can be judged elsewhere and later: what docs/SAVED.md describes.
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

// The version of the format that write() writes. read() reads this one and all before it.
inline constexpr uint32_t kVersion = 1;

// Fills the room as far as it likes and tells how many bytes it gave; 0: there are no more. One that failed
// gives 0 as well and keeps the reason to itself: who made it asks it after read().
using Source = std::function<size_t(std::span<char>)>;
// Takes the next bytes of the file; false: no more of them are wanted.
using Sink = std::function<bool(std::string_view)>;

// Tells by the first bytes of a file, of which it needs four.
bool is_saved(std::string_view first_bytes);

// All that was written, but that the source "live" is "saved" now. What nobody had asked for stays
// Missing::NotAsked, though nobody can be asked any more.
//
// An error is what to say after the name of the file: "is cut short: …". Whatever the bytes are, it takes no
// more memory than a small multiple of their number, and what it gives can be judged: rows that others refer
// to are there, and what has to be sorted is.
tl::expected<Facts, std::string> read(const Source& source);

// False where the sink refused a part. `whywait` is the version of the program.
bool write(const Facts& facts, std::string_view whywait, const Sink& sink);

// A secret that nobody keeps.
using Salt = std::array<uint32_t, 8>;

// The same host under other names: addresses, host name, boot id, names of processes, units, containers,
// users and futexes become others, and command lines and the words of the system's errors are dropped. What
// was equal stays equal, what differed differs, and which new name stands for which old one hangs on the salt
// alone. No verdict hangs on any of them.
//
// An address keeps its family, and its network (/24, /64) in common with those that share it. Loopback and
// unspecified stay as they are; 10/8, 172.16/12, 192.168/16, 169.254/16, 100.64/10, fe80::/10 and fc00::/7
// stay within; all others become 240.0.0.0/4 and 2001:db8::/32, which nobody has. Ports, numbers of
// processes, inodes, times and sizes stay: they are what verdicts are made of, and tell little by
// themselves.
Facts redact(Facts facts, const Salt& salt);

}  // namespace whywait::saved
