find_package(cmocka REQUIRED)

# One program for one subject: portscope_unit_test(flow_table flow) builds flow_table_test.c
# against the room `flow`.
function(portscope_unit_test name)
    add_executable(test_${name} ${name}_test.c)
    target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/unit)
    foreach(room ${ARGN})
        target_link_libraries(test_${name} PRIVATE portscope_${room})
    endforeach()
    target_link_libraries(test_${name} PRIVATE portscope_flags cmocka)
    add_test(NAME unit.${name} COMMAND test_${name})
    set_tests_properties(unit.${name} PROPERTIES LABELS unit TIMEOUT 120)
endfunction()

# A fuzz target: portscope_fuzz_target(decode decode) builds fuzz_decode.c. Under the fuzz preset it
# links libFuzzer; under every other its corpus is replayed as a test.
function(portscope_fuzz_target name)
    add_executable(fuzz_${name} fuzz_${name}.c)
    foreach(room ${ARGN})
        target_link_libraries(fuzz_${name} PRIVATE portscope_${room})
    endforeach()
    target_link_libraries(fuzz_${name} PRIVATE portscope_flags)
    if(PORTSCOPE_FUZZ)
        target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    else()
        target_sources(fuzz_${name} PRIVATE replay.c)
        add_test(NAME fuzz.${name}
                 COMMAND fuzz_${name} ${CMAKE_CURRENT_SOURCE_DIR}/corpus/${name})
        set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz TIMEOUT 300)
    endif()
endfunction()

# A test that is a script: portscope_script_test(lint layers COMMAND python3 layers.py ...). It may
# say "skipped: reason" and exit 77. What it needs to know comes in its environment.
function(portscope_script_test kind name)
    cmake_parse_arguments(test "" "TIMEOUT" "COMMAND" ${ARGN})
    if(NOT test_TIMEOUT)
        set(test_TIMEOUT 300)
    endif()
    add_test(NAME ${kind}.${name} COMMAND ${test_COMMAND}
             WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    set(environment TZ=UTC LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
        PORTSCOPE_ROOT=${PROJECT_SOURCE_DIR})
    if(TARGET portscope)
        list(APPEND environment PORTSCOPE=$<TARGET_FILE:portscope>)
    endif()
    set_tests_properties(${kind}.${name} PROPERTIES
        LABELS ${kind} TIMEOUT ${test_TIMEOUT} SKIP_RETURN_CODE 77 ENVIRONMENT "${environment}")
endfunction()
