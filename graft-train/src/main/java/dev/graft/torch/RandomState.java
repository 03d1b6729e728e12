package dev.graft.torch;

import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.global.torch;

/** The state of the generator that dropout draws from on the CPU, as it was when this was made; put back when closed. */
public final class RandomState implements AutoCloseable {
    private final Tensor state;
    private boolean closed;

    private RandomState(Tensor state) {
        this.state = state;
    }

    /** Keeps the state as it is now. */
    public static RandomState keep() {
        try (var scope = Scope.open()) {
            Generator generator = torch.getDefaultCPUGenerator();
            return new RandomState(Tensor.wrap(generator.get_state()).keep());
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (var scope = Scope.open()) {
            torch.getDefaultCPUGenerator().set_state(state.pointer());
        }
        state.close();
    }
}
