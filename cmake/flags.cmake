# Every compiler flag of the project stands here, on one INTERFACE target: nothing is global.
add_library(portscope_flags INTERFACE)
target_include_directories(portscope_flags INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_definitions(portscope_flags INTERFACE _DEFAULT_SOURCE _POSIX_C_SOURCE=200809L)
target_compile_options(portscope_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wformat=2 -Wundef -Wvla -Wdate-time
    -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wpointer-arith
    -Wcast-qual -Wwrite-strings -Wswitch-enum -Wimplicit-fallthrough
    $<IF:$<C_COMPILER_ID:GNU>,-Wcast-align=strict,-Wcast-align>
    -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)

if(PORTSCOPE_WERROR)
    target_compile_options(portscope_flags INTERFACE -Werror)
endif()

if(PORTSCOPE_SANITIZE)
    set(sanitize -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_compile_options(portscope_flags INTERFACE ${sanitize})
    target_link_options(portscope_flags INTERFACE ${sanitize})
endif()

if(PORTSCOPE_FUZZ)
    target_compile_options(portscope_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# A release without its hardening is not a release: an unknown flag is an error, not a warning.
if(PORTSCOPE_HARDEN)
    target_compile_options(portscope_flags INTERFACE
        -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection
        -fno-delete-null-pointer-checks -fno-strict-overflow -fno-strict-aliasing
        $<$<STREQUAL:${CMAKE_SYSTEM_PROCESSOR},x86_64>:-fcf-protection=full>)
    target_link_options(portscope_flags INTERFACE
        -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code)
    set(CMAKE_POSITION_INDEPENDENT_CODE ON)
    add_link_options(-pie)
endif()
