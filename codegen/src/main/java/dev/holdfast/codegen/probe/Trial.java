// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

/** A question that only a compiler can answer about a kernel's headers: does this compile? */
enum Trial {
    /** The descriptor of a mapping has had its functions as macros of macros. */
    MMAP_PREPARE("""
            static inline void trial(struct vm_area_desc *desc, const struct vm_operations_struct *ops)
            {
            	if (vma_desc_test(desc, VMA_MAYSHARE_BIT))
            		vma_desc_set_flags(desc, VMA_PFNMAP_BIT, VMA_DONTEXPAND_BIT, VMA_DONTDUMP_BIT);
            	else
            		vma_desc_set_flags(desc, VMA_MIXEDMAP_BIT, VMA_DONTEXPAND_BIT);
            	desc->vm_ops = ops;
            }
            """),

    /** A page frame as a type of its own, with flags. */
    PFN_T("""
            static inline vm_fault_t trial(struct vm_area_struct *vma, unsigned long frame)
            {
            	return vmf_insert_mixed(vma, 0, __pfn_to_pfn_t(frame, PFN_DEV));
            }
            """),

    /** A page frame as a number, whatever the type is called. */
    PFN_NUMBER("""
            static inline vm_fault_t trial(struct vm_area_struct *vma, unsigned long frame)
            {
            	return vmf_insert_mixed(vma, 0, frame);
            }
            """);

    /** What all trials include. The second has gone from kernels that have no such type. */
    private static final String INCLUDES = """
            #include <linux/mm.h>
            #if __has_include(<linux/pfn_t.h>)
            #include <linux/pfn_t.h>
            #endif
            """;

    private static final String FILE = "trial:";

    private final String code;

    Trial(String code) {
        this.code = code;
    }

    /** All trials as one file to compile, so that the headers are read once; messages name the trial as their file. */
    static String all() {
        StringBuilder all = new StringBuilder(INCLUDES);
        for (Trial trial : values()) {
            all.append("#line 1 \"").append(trial.file()).append("\"\n");
            all.append(trial.code.replace(" trial(", " trial_" + trial.name() + "("));
        }
        return all.toString();
    }

    /** Whether a message of the compiler is about some trial, rather than about the headers. */
    static boolean isAbout(String message) {
        return message.startsWith(FILE);
    }

    /** Whether a message of the compiler is about this trial. */
    boolean isSubjectOf(String message) {
        return message.startsWith(file() + ":");
    }

    private String file() {
        return FILE + name();
    }
}
