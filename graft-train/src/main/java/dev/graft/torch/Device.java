package dev.graft.torch;

/** Where tensors live and training runs. */
public enum Device {
    CPU,
    CUDA;

    /** CUDA where this build of libtorch and this machine have it, else the CPU. */
    static Device best() {
        return Torch.cudaAvailable() ? CUDA : CPU;
    }
}
