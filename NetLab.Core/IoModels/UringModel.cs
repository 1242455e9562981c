using NetLab.Core.Interop;

namespace NetLab.Core.IoModels;

/// <summary>
/// io_uring: a receive for each descriptor lies in a ring that the kernel shares with the program. What completes has been copied; looking for it needs no
/// system call, and the next receive goes to the kernel with the call that waits.
/// </summary>
internal sealed unsafe class UringModel : ModelRun
{
    private const int AllBuffers = 8 << 20, LeastBuffer = 2_048;

    private IoUring? _ring;
    private byte[] _buffers = [];
    private int[] _descriptors = [];
    private int _size;

    public override void Prepare(LaneReader lane)
    {
        lane.Count(IoCall.UringSetup);
        if (!IoUring.TrySetup(lane.Descriptors.Length, out _ring, out var error))
        {
            lane.Fail(error is Errno.EPERM or Errno.ENOSYS
                ? $"io_uring is forbidden or unknown here ({error.Name()}); 'sysctl kernel.io_uring_disabled' tells whether the system forbids it, a container's filter may, too"
                : $"io_uring_setup failed: {error.Words()} ({error.Name()})");
            return;
        }

        _descriptors = lane.Descriptors.ToArray();
        _size = Math.Clamp(AllBuffers / lane.Descriptors.Length, LeastBuffer, LaneReader.BufferSize);
        _buffers = GC.AllocateUninitializedArray<byte>(_size * lane.Descriptors.Length, pinned: true);
    }

    public override void Read(LaneReader lane)
    {
        for (int place = 0; place < lane.Descriptors.Length; place++)
            Queue(lane, place);
        lane.Enter(IoCall.UringSubmit, LanePhase.Free);
        lane.Leave(_ring!.Submit(), LanePhase.Free, LanePhase.Free);
        while (lane.Expects)
        {
            lane.Enter(IoCall.UringWait, LanePhase.Free);
            lane.Leave(_ring.Submit(waitFor: 1), LanePhase.Free, LanePhase.Copying);
            while (_ring.TryReap(out ulong place, out int result))
            {
                lane.Learn();
                if (result > 0)
                    lane.Take((int)place, _buffers.AsSpan((int)place * _size, result));
                else if (result == 0)
                    lane.End();
                else
                    lane.Fail($"a receive completed with {((Errno)(-result)).Name()}");
                if (lane.Expects)
                    Queue(lane, (int)place);
            }
        }
    }

    // A receive in flight ends with its socket, also on kernels that can't cancel it: until then its buffer must stay.
    public override void Undo()
    {
        foreach (int descriptor in _descriptors)
            _ = SocketCalls.Shutdown(descriptor, SocketConstants.SHUT_RDWR);
        while (_ring is { InFlight: > 0 } && (_ring.TryReap(out _, out _) || _ring.Submit(waitFor: 1) >= 0 || SocketCalls.LastError == Errno.EINTR))
        {
        }

        _ring?.Dispose();
    }

    private void Queue(LaneReader lane, int place)
    {
        fixed (byte* buffers = _buffers)
        {
            if (!_ring!.Receive(lane.Descriptors[place], buffers + place * _size, _size, (ulong)place))
                lane.Fail("the ring is full");
        }
    }
}
