# A room is one static library of the files that its CMakeLists.txt names: a forgotten file is a
# link error with the missing function's name in it.
function(portscope_room name)
    add_library(portscope_${name} STATIC ${ARGN})
    target_link_libraries(portscope_${name} PUBLIC portscope_flags)
    if(NOT name STREQUAL base)
        target_link_libraries(portscope_${name} PUBLIC portscope_base)
    endif()
    if(NOT name STREQUAL base AND NOT name STREQUAL model)
        target_link_libraries(portscope_${name} PUBLIC portscope_model)
    endif()
endfunction()
