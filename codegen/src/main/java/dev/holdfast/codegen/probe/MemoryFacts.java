// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** How memory is mapped. */
final class MemoryFacts {
    private final Headers headers;

    MemoryFacts(KernelTree tree) throws IOException {
        headers = tree.headers(
                "include/linux/mm.h",
                "include/linux/mm_types.h",
                "include/linux/sched/mm.h",
                "include/linux/huge_mm.h",
                "include/linux/memory-failure.h");
    }

    List<Fact> all() {
        return List.of(
                hugeFault(),
                vmFlags(),
                pfnType(),
                isDeclared("follow_pfnmap", "follow_pfnmap_start"),
                unmappedArea(),
                isDeclared("register_pfn_address_space", "register_pfn_address_space"));
    }

    private Fact hugeFault() {
        Declaration fault = headers.needOperation("vm_operations_struct", "huge_fault");
        String second = fault.parameters().size() < 2 ? "" : fault.parameters().get(1);
        if (second.startsWith("enum page_entry_size")) {
            return new Fact("huge_fault", "page_entry_size", fault.place());
        }
        if (second.startsWith("unsigned int")) {
            return new Fact("huge_fault", "order", fault.place());
        }
        throw headers.unknown(fault, "vm_operations_struct.huge_fault");
    }

    private Fact vmFlags() {
        return headers.function("vm_flags_set")
                .map(declared -> new Fact("vm_flags", "vm_flags_set", declared.place()))
                .orElseGet(() -> new Fact("vm_flags", "field", headers.needField("vm_area_struct", "vm_flags")));
    }

    private Fact pfnType() {
        Declaration insert = headers.needFunction("vmf_insert_mixed");
        String third = insert.parameters().size() < 3 ? "" : insert.parameters().get(2);
        if (third.startsWith("pfn_t")) {
            return new Fact("pfn_type", "pfn_t", insert.place());
        }
        if (third.startsWith("unsigned long")) {
            return new Fact("pfn_type", "unsigned_long", insert.place());
        }
        throw headers.unknown(insert, "vmf_insert_mixed()");
    }

    private Fact unmappedArea() {
        String name = "get_unmapped_area";
        Optional<Declaration> wrapper = headers.function("mm_get_unmapped_area");
        if (wrapper.isEmpty()) {
            return new Fact(
                    name,
                    "current_mm",
                    headers.needOperation("mm_struct", "get_unmapped_area").place());
        }
        String first = wrapper.get().parameters().isEmpty()
                ? ""
                : wrapper.get().parameters().get(0);
        if (first.startsWith("struct mm_struct *")) {
            return new Fact(name, "mm_file", wrapper.get().place());
        }
        if (first.startsWith("struct file *")) {
            return new Fact(name, "file", wrapper.get().place());
        }
        throw headers.unknown(wrapper.get(), "mm_get_unmapped_area()");
    }

    private Fact isDeclared(String name, String function) {
        Optional<Declaration> declared = headers.function(function);
        return Fact.yesNo(
                name, declared.isPresent(), declared.map(Declaration::place).orElseGet(headers::nowhere));
    }
}
