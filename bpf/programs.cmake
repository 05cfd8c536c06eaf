# The programs for the kernel: each bpf/*.bpf.c by itself, then linked to one object, whose skeleton is a header. They are
# built for no kernel in particular: libbpf fits them to the running one (CO-RE).
find_program(BPF_CLANG NAMES clang clang-14 REQUIRED)
find_program(BPFTOOL bpftool PATHS /usr/sbin /sbin REQUIRED)
file(GLOB bpf_sources CONFIGURE_DEPENDS bpf/*.bpf.c)
set(bpf_dir "${CMAKE_BINARY_DIR}/bpf")
file(MAKE_DIRECTORY "${bpf_dir}")
foreach(source ${bpf_sources})
  get_filename_component(name "${source}" NAME_WLE)
  set(object "${bpf_dir}/${name}.o")
  add_custom_command(
    OUTPUT "${object}"
    COMMAND "${BPF_CLANG}" -target bpf -mcpu=v3 -O2 -g -std=gnu11 -Wall -Wextra -Wno-unused-parameter -Werror -D__bpf__
            -idirafter "/usr/include/${CMAKE_LIBRARY_ARCHITECTURE}" -MD -MF "${object}.d" -c "${source}" -o "${object}"
    DEPENDS "${source}"
    DEPFILE "${object}.d"
    VERBATIM)
  list(APPEND bpf_objects "${object}")
endforeach()
add_custom_command(
  OUTPUT "${bpf_dir}/iterators.skel.h"
  COMMAND "${BPFTOOL}" gen object "${bpf_dir}/iterators.o" ${bpf_objects}
  COMMAND "${BPFTOOL}" gen skeleton "${bpf_dir}/iterators.o" name iterators > "${bpf_dir}/iterators.skel.h"
  DEPENDS ${bpf_objects}
  VERBATIM)
