/* SPDX-License-Identifier: Apache-2.0 */
#include "dpi/ndpi_engine.h"

#include "base/phrase.h"
#include "dpi/ndpi_compat.h"
#include "dpi/ndpi_memory.h"
#include "dpi/ndpi_metadata.h"

/* Never completed: they are nDPI's own structs, seen through other glasses. */
static ndpi_module *module_of(const struct ndpi_engine *engine)
{
    return (ndpi_module *)(uintptr_t)engine;
}

static ndpi_flow *flow_of(const struct ndpi_state *state)
{
    return (ndpi_flow *)(uintptr_t)state;
}

static struct ndpi_engine *as_engine(ndpi_module *module)
{
    return (struct ndpi_engine *)(uintptr_t)module;
}

/* The flow's struct is ours to allocate: were header and library different, it would be memory
 * corruption. */
static bool library_agrees(struct error *error)
{
    if (ndpi_get_api_version() != NDPI_API_VERSION)
        return error_set(error,
                         "libndpi %s is installed, but portscope was built for nDPI %d.%d: "
                         "rebuild it against the installed library",
                         ndpi_revision(), NDPI_MAJOR, NDPI_MINOR);
    if (sizeof(ndpi_flow) != ndpi_detection_get_sizeof_ndpi_flow_struct())
        return error_set(error,
                         "the flow of libndpi %s has %u bytes, of nDPI's header %zu: "
                         "rebuild portscope against the installed library",
                         ndpi_revision(), ndpi_detection_get_sizeof_ndpi_flow_struct(),
                         sizeof(ndpi_flow));
    return true;
}

struct ndpi_engine *ndpi_engine_open(struct error *error)
{
    if (!library_agrees(error))
        return NULL;
    ndpi_memory_install();
    ndpi_module *module = ndpi_module_new();
    if (!module) {
        error_set(error, "libndpi %s could not be initialised: is memory short?", ndpi_revision());
        return NULL;
    }
    ndpi_enable_all_dissectors(module);
    ndpi_configure(module);
    if (!ndpi_finish_set_up(module) || !ndpi_module_layout_agrees(module)) {
        ndpi_exit_detection_module(module);
        error_set(error,
                  "libndpi %s is built otherwise than its header says: "
                  "install the library and the header of one package",
                  ndpi_revision());
        return NULL;
    }
    return as_engine(module);
}

void ndpi_engine_close(struct ndpi_engine *engine)
{
    if (engine)
        ndpi_exit_detection_module(module_of(engine));
}

struct ndpi_state *ndpi_state_new(void)
{
    return ndpi_memory_new(sizeof(ndpi_flow));
}

void ndpi_state_free(struct ndpi_state *state)
{
    if (!state)
        return;
    ndpi_free_flow_data(flow_of(state));
    ndpi_memory_free(state);
}

static struct ndpi_answer answer_of(struct ndpi_engine *engine, ndpi_flow *flow,
                                    const ndpi_protocol *protocol)
{
    struct ndpi_answer answer = {
        .master_id = ndpi_master_of(protocol),
        .application_id = ndpi_application_of(protocol),
        .category_id = (uint16_t)protocol->category,
        .confidence = ndpi_confidence_of(flow),
    };
    if (ndpi_answer_is_named(&answer))
        answer.wants_more = ndpi_wants_more(module_of(engine), flow, protocol);
    return answer;
}

struct ndpi_answer ndpi_engine_show(struct ndpi_engine *engine, struct ndpi_state *state,
                                    const struct datagram *datagram)
{
    ndpi_flow *flow = flow_of(state);
    ndpi_protocol protocol =
        ndpi_show_packet(module_of(engine), flow, datagram->bytes, datagram->length,
                         (uint64_t)datagram->time_ms, datagram->direction);
    ndpi_forget_other_flows(module_of(engine));
    return answer_of(engine, flow, &protocol);
}

struct ndpi_answer ndpi_engine_give_up(struct ndpi_engine *engine, struct ndpi_state *state)
{
    ndpi_flow *flow = flow_of(state);
    ndpi_protocol protocol = ndpi_last_word(module_of(engine), flow);
    ndpi_forget_other_flows(module_of(engine));
    return answer_of(engine, flow, &protocol);
}

static ndpi_protocol protocol_of(const struct ndpi_answer *answer)
{
    ndpi_protocol protocol;
    memset(&protocol, 0, sizeof protocol);
    ndpi_set_ids(&protocol, answer->master_id, answer->application_id);
    protocol.category = (ndpi_protocol_category_t)answer->category_id;
    return protocol;
}

static void describe_names(ndpi_module *module, const struct ndpi_answer *answer,
                           struct detection *out)
{
    if (!ndpi_answer_is_named(answer))
        return;
    char name[2 * DETECTION_NAME_SIZE];
    ndpi_protocol2name(module, protocol_of(answer), name, sizeof name);
    phrase_copy(out->name, sizeof out->name, name);
    uint16_t id = answer->application_id ? answer->application_id : answer->master_id;
    phrase_copy(out->protocol, sizeof out->protocol, ndpi_get_proto_name(module, id));
    phrase_copy(out->category, sizeof out->category,
                ndpi_category_get_name(module, (ndpi_protocol_category_t)answer->category_id));
}

void ndpi_engine_describe(struct ndpi_engine *engine, const struct ndpi_state *state,
                          const struct ndpi_answer *answer, enum flow_direction first,
                          struct detection *out)
{
    const ndpi_flow *flow = flow_of(state);
    *out = (struct detection){
        .master_id = answer->master_id,
        .application_id = answer->application_id,
        .category_id = answer->category_id,
        .confidence = ndpi_answer_is_named(answer) ? answer->confidence : CONFIDENCE_NONE,
        .risks = flow->risk,
        .packets_inspected = flow->num_processed_pkts,
    };
    describe_names(module_of(engine), answer, out);
    ndpi_copy_metadata(flow, answer, first, out);
}

uint16_t ndpi_engine_application_at(const struct ndpi_engine *engine, const struct address *address)
{
    return address->version == 4 ? ndpi_application_at(module_of(engine), address->bytes) : 0;
}

const char *ndpi_engine_version(void)
{
    return ndpi_revision();
}

bool ndpi_engine_protocol(const struct ndpi_engine *engine, uint16_t id, const char **name,
                          const char **category)
{
    ndpi_module *module = module_of(engine);
    if (id >= ndpi_get_num_supported_protocols(module))
        return false;
    const ndpi_proto_defaults_t *protocol = &ndpi_get_proto_defaults(module)[id];
    *name = protocol->protoName;
    *category = ndpi_category_get_name(module, protocol->protoCategory);
    return true;
}
