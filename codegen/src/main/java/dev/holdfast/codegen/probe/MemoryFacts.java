// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** How memory is mapped. */
final class MemoryFacts {
    private final Headers headers;
    private final Headers fs;
    private final Exports exports;

    MemoryFacts(KernelTree tree, Exports exports) throws IOException {
        this.headers = tree.headers(
                "include/linux/mm.h",
                "include/linux/mm_types.h",
                "include/linux/sched/mm.h",
                "include/linux/huge_mm.h",
                "include/linux/memory-failure.h");
        this.fs = tree.headers("include/linux/fs.h", "include/linux/fs/*");
        this.exports = exports;
    }

    List<Fact> all() {
        return List.of(
                mmap(),
                vmFlags(),
                hugeFault(),
                pfnType(),
                insert("insert_pmd", "vmf_insert_pfn_pmd"),
                insert("insert_pud", "vmf_insert_pfn_pud"),
                headers.isDeclared("follow_pfnmap", "follow_pfnmap_start"),
                unmappedArea(),
                exports.has("register_pfn_address_space", "register_pfn_address_space"));
    }

    /** The descriptor's flags had other names before they had functions; those kernels still take {@code mmap}. */
    private Fact mmap() {
        return fs.operation("file_operations", "mmap_prepare")
                .filter(prepare -> headers.function("vma_desc_set_flags_mask").isPresent())
                .map(prepare -> new Fact("mmap", "mmap_prepare", prepare.place()))
                .orElseGet(() -> new Fact(
                        "mmap",
                        "mmap",
                        fs.needOperation("file_operations", "mmap").place()));
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

    private Fact pfnType() {
        return headers.shape(
                "pfn_type",
                "vmf_insert_mixed()",
                headers.needFunction("vmf_insert_mixed"),
                2,
                new Shape("pfn_t", "pfn_t"),
                new Shape("unsigned_long", "unsigned long"));
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
