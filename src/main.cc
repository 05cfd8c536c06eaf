#include "cli/run.h"

int main(int argc, char** argv) { return whywait::cli::run(argc, argv); }
