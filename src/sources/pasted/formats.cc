#include "sources/pasted/parser.h"

namespace whywait::pasted {

std::span<const Format> all_formats() {
  static const Format kAll[] = {
      {"netstat", "netstat of Linux, busybox, the BSDs, macOS, AIX and HP-UX", netstat_parser},
      {"nonstop", "SCF STATUS PROCESS of NonStop", nonstop_parser},
      {"netstat-windows", "netstat of Windows", netstat_windows_parser},
      {"ss", "ss", ss_parser},
      {"lsof", "lsof", lsof_parser},
      {"proc-net-tcp", "/proc/net/tcp and tcp6", proc_net_tcp_parser},
      {"netstat-solaris", "netstat of Solaris and illumos", netstat_solaris_parser},
      {"powershell-table", "Get-NetTCPConnection, as a table", powershell_table_parser},
      {"powershell-records", "Get-NetTCPConnection, as a list or JSON", powershell_records_parser},
      {"powershell-csv", "Get-NetTCPConnection, as CSV", powershell_csv_parser},
      {"procstat", "procstat -f", procstat_parser},
      {"sockstat", "sockstat", sockstat_parser},
      {"fstat", "fstat", fstat_parser},
      {"histogram", "counts of states, as uniq -c or awk make them", histogram_parser},
      {"lsof-fields", "lsof -F", lsof_fields_parser},
  };
  return kAll;
}

}  // namespace whywait::pasted
