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
