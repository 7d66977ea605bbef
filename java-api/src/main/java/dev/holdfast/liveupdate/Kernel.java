// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.liveupdate;

import dev.holdfast.Kexec;
import dev.holdfast.KexecImage;
import dev.holdfast.Preflight;

/** The running kernel, as far as it is told to jump; tests have another one. */
interface Kernel {
    /**
     * The real one.
     *
     * @param unpacks whether it unpacks the next kernel before the jump, where that can be done
     */
    record Running(boolean unpacks) implements Kernel {
        @Override
        public void load(KexecImage image) {
            if (unpacks && Preflight.ofUnpacking(image).findings().isEmpty()) {
                Kexec.loadUnpacked(image);
            } else {
                Kexec.load(image);
            }
        }

        @Override
        public void unload() {
            Kexec.unload();
        }

        @Override
        public void jump() {
            Kexec.execute();
        }
    }

    void load(KexecImage image);

    void unload();

    void jump();
}
