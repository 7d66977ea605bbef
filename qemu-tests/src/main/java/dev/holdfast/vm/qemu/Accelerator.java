// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.qemu;

import java.util.List;

/**
 * How QEMU runs the VM's processor.
 *
 * @param kind by hardware or by emulation
 * @param reason why this one, in a few words
 */
public record Accelerator(Kind kind, String reason) {

    /** The kinds. */
    public enum Kind {
        KVM,
        TCG
    }

    /**
     * QEMU's arguments. The ones for emulation avoid what is known to be unreliable in it. The small buffer for translated code
     * (48 MiB) makes a kexec cheaper by a third: what is left in it of the kernel before has to be taken out piece by piece as
     * the next kernel writes over that memory, and less is left.
     */
    public List<String> arguments() {
        return switch (kind) {
            case KVM -> List.of("-accel", "kvm", "-cpu", "host");
            case TCG -> List.of("-accel", "tcg,thread=single,tb-size=48", "-cpu", "max,+svm,+npt,-cx16");
        };
    }

    /**
     * Words for the kernel's command line. Under emulation on a busy host the kernel measures the TSC wrongly, by a factor of
     * ten and more, and then takes seconds for hours.
     */
    public String kernelWords() {
        return kind == Kind.KVM ? "" : " no_timer_check tsc=unstable";
    }

    @Override
    public String toString() {
        return kind + " (" + reason + ")";
    }
}
