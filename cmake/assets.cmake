# Files that the program carries: portscope_assets(review web/style.css ...) makes assets.c of them,
# with each one's SHA-256, by which a content security policy lets it in. No tool but CMake is needed.
function(portscope_assets room)
    set(source ${CMAKE_CURRENT_BINARY_DIR}/assets.c)
    list(TRANSFORM ARGN PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE files)
    add_custom_command(OUTPUT ${source}
        COMMAND ${CMAKE_COMMAND} "-DFILES=${files}" -DOUTPUT=${source}
                -P ${PROJECT_SOURCE_DIR}/cmake/write_assets.cmake
        DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/write_assets.cmake
        COMMENT "Writing the assets of ${room}/" VERBATIM)
    target_sources(portscope_${room} PRIVATE ${source})
endfunction()
