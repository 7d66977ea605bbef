// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** How memory is had and mapped. */
final class MemoryFacts {
    private final Headers headers;
    private final Headers fs;
    private final Headers slab;
    private final Exports exports;
    private final Trials trials;

    MemoryFacts(KernelTree tree, Exports exports, Trials trials) throws IOException {
        this.headers = tree.headers(
                "include/linux/mm.h",
                "include/linux/mm_types.h",
                "include/linux/sched/mm.h",
                "include/linux/huge_mm.h",
                "include/linux/memremap.h",
                "include/linux/memory-failure.h");
        this.fs = tree.headers("include/linux/fs.h", "include/linux/fs/*");
        this.slab = tree.headers("include/linux/slab.h");
        this.exports = exports;
        this.trials = trials;
    }

    List<Fact> all() throws IOException {
        Fact pfnType = pfnType();
        return List.of(
                slab.isMacro("kmalloc_obj", "kmalloc_obj"),
                mmap(),
                vmFlags(),
                hugeFault(),
                pfnType,
                devicePages(pfnType),
                insert("insert_pmd", "vmf_insert_pfn_pmd"),
                insert("insert_pud", "vmf_insert_pfn_pud"),
                headers.isDeclared("follow_pfnmap", "follow_pfnmap_start"),
                unmappedArea(),
                exports.has("register_pfn_address_space", "register_pfn_address_space"),
                exports.has("target_node", "phys_to_target_node"));
    }

    /** The descriptor's flags had other names before they had functions; those kernels still take {@code mmap}. */
    private Fact mmap() throws IOException {
        Optional<Declaration> prepare = fs.operation("file_operations", "mmap_prepare");
        if (prepare.isPresent() && trials.compiles(Trial.MMAP_PREPARE)) {
            return new Fact(
                    "mmap", "mmap_prepare", Evidence.COMPILED, prepare.get().place());
        }
        return new Fact(
                "mmap", "mmap", fs.needOperation("file_operations", "mmap").place());
    }

    private Fact vmFlags() {
        return headers.function("vm_flags_set")
                .map(declared -> new Fact("vm_flags", "vm_flags_set", declared.place()))
                .orElseGet(() -> new Fact("vm_flags", "field", headers.needField("vm_area_struct", "vm_flags")));
    }

    private Fact hugeFault() {
        return headers.shape(
                "huge_fault",
                "huge_fault",
                headers.needOperation("vm_operations_struct", "huge_fault"),
                1,
                new Shape("page_entry_size", "enum page_entry_size"),
                new Shape("order", "unsigned int"));
    }

    /** What is called pfn_t may be a type of its own or another word for a number. */
    private Fact pfnType() throws IOException {
        Declaration insert = headers.needFunction("vmf_insert_mixed");
        if (insert.takes(2, "unsigned long")) {
            return new Fact("pfn_type", "unsigned_long", insert.place());
        }
        if (trials.compiles(Trial.PFN_T)) {
            return new Fact("pfn_type", "pfn_t", Evidence.COMPILED, insert.place());
        }
        if (trials.compiles(Trial.PFN_NUMBER)) {
            return new Fact("pfn_type", "unsigned_long", Evidence.COMPILED, insert.place());
        }
        throw headers.refusal("vmf_insert_mixed() takes neither pfn_t nor unsigned long", insert.place());
    }

    /**
     * How mappings lead to the struct pages of device memory: by a mark in the entry, which is asked for in a pfn_t, or by entries that
     * are counted as uses of the page. Without CONFIG_ZONE_DEVICE there is no device memory.
     */
    private Fact devicePages(Fact pfnType) {
        String name = "device_pages";
        String make = "memremap_pages";
        String insert = "vmf_insert_page_mkwrite";
        if (!exports.has(make) || headers.field("dev_pagemap", "vmemmap_shift").isEmpty()) {
            return new Fact(name, "no", exports.place(make));
        }
        if (pfnType.value().equals("pfn_t")) {
            return new Fact(name, "marked", exports.place(make));
        }
        return exports.has(insert)
                ? new Fact(name, "counted", exports.place(insert))
                : new Fact(name, "no", exports.place(make));
    }

    /** Older kernels export only what the function is an inline around. */
    private Fact insert(String name, String function) {
        return exports.has(function) ? exports.has(name, function) : exports.has(name, function + "_prot");
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
        return headers.shape(
                name,
                "mm_get_unmapped_area()",
                wrapper.get(),
                0,
                new Shape("mm_file", "struct mm_struct *"),
                new Shape("file", "struct file *"));
    }
}
