// The English about dumps: what was read, and which commands on the original system would show more.
#pragma once

#include "diagnose/diagnose.h"
#include "render/words.h"

#include <string>
#include <vector>

namespace whywait::render {

// What is missing in a dump, and what would show it on that system.
Absence absence_in_dump(const Need& need, const Facts& facts);
Absence absence_in_dump(OpenQuestion question, const Facts& facts);
// Rewords a step that Linux offers for the system of the dump if that is another one.
void say_elsewhere(Remedy remedy, Pid pid, const Facts& facts, Step& step);
// The command that lists who holds the connections on that system.
Step who_holds_there(const Facts& facts);
// The command that lists all rows on that system.
Step rows_there(const Facts& facts);

// "71 rows of netstat/windows; 2 lines not understood, the first: …"
std::string read_line(const Facts& facts);
// For a saved file: "what whywait saw on web-1 at 2026-05-01T12:00:00Z, as root".
std::string saved_line(const Facts& facts);
// For a dump of counts: "CLOSE_WAIT 4,812, TIME_WAIT 12,248".
std::string tally_line(const Facts& facts);
// "the listener 0.0.0.0:4567 is held by ruby (pid 287) and ruby (pid 23799)"; at most a few.
std::vector<std::string> shared_listeners(const Facts& facts);

// " --from pay.txt", for commands that read the file again; empty for a live machine.
std::string from_option(const Facts& facts);

}  // namespace whywait::render
