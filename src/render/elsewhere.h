// A dump in words: what was read of it, and what to run on the system that it is of to know more.
#pragma once

#include "diagnose/diagnose.h"
#include "render/words.h"

#include <string>
#include <vector>

namespace whywait::render {

// What is missing in a dump, and what would tell it there.
Absence absence_in_dump(const Need& need, const Facts& facts);
Absence absence_in_dump(OpenQuestion doubt, const Facts& facts);
// Puts a step that is for Linux into words for the system of a dump, which is another.
void say_elsewhere(Remedy remedy, Pid pid, const Facts& facts, Step& step);
// Which command tells who holds the connections.
Step who_holds_there(const Facts& facts);
// Which command tells all rows.
Step rows_there(const Facts& facts);

// "71 rows of netstat/windows; 2 lines not understood, the first: …"
std::string read_line(const Facts& facts);
// "what whywait saw on web-1 at 2026-05-01T12:00:00Z, as root": of a saved file.
std::string saved_line(const Facts& facts);
// "CLOSE_WAIT 4,812, TIME_WAIT 12,248": counts that somebody made of a dump before it came here.
std::string tally_line(const Facts& facts);
// "the listener 0.0.0.0:4567 is held by ruby (pid 287) and ruby (pid 23799)": at most a few.
std::vector<std::string> shared_listeners(const Facts& facts);

// " --from pay.txt", for the commands that read it again; empty for a live machine.
std::string from_option(const Facts& facts);

}  // namespace whywait::render
