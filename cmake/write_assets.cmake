# cmake -DFILES=a;b -DOUTPUT=assets.c -P write_assets.cmake
# Octets become "0x2f,", twenty a line.
function(bytes_of hex out)
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
    string(REGEX REPLACE
        "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)"
        "\\1\n" bytes "${bytes}")
    set(${out} "${bytes}" PARENT_SCOPE)
endfunction()

set(arrays "")
set(rows "")
set(number 0)
foreach(file ${FILES})
    get_filename_component(name ${file} NAME)
    file(READ ${file} hex HEX)
    file(SHA256 ${file} digest)
    bytes_of("${hex}" bytes)
    bytes_of("${digest}" hash)
    string(APPEND arrays "static const uint8_t bytes_${number}[] = {\n${bytes}\n};\n")
    string(APPEND rows "{\"${name}\", {bytes_${number}, sizeof bytes_${number}},\n{${hash}}},\n")
    math(EXPR number "${number} + 1")
endforeach()

file(WRITE ${OUTPUT} "/* Written by cmake/write_assets.cmake. */
#include \"review/asset.h\"

${arrays}
const struct asset assets[] = {
${rows}{0},
};
")
