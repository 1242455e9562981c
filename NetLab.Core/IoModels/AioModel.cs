using NetLab.Core.Interop;

namespace NetLab.Core.IoModels;

/// <summary>
/// POSIX asynchronous I/O: aio_read is started and returns at once; a signal tells that the data has been copied. The C library does it: in a thread of its
/// own for each descriptor, which blocks in read(2).
/// </summary>
internal sealed unsafe class AioModel : ModelRun
{
    // glibc starts no more than 20 threads (aio_init(3)); a read that waits for a thread would wait for ever.
    private const int MostReads = 16;

    private int[] _descriptors = [];
    private byte[][] _buffers = [];
    private AioRead[] _reads = [];
    private SignalInbox? _inbox;
    private int _inFlight;

    public override string? Refuses(ReadOnlySpan<int> descriptors) => descriptors.Length <= MostReads ? null
        : $"glibc reads in threads of its own, at most 20; {descriptors.Length} reads at a time would wait for each other";

    public override void Prepare(LaneReader lane)
    {
        _inbox = SignalInbox.Open();
        _descriptors = lane.Descriptors.ToArray();
        _buffers = new byte[_descriptors.Length][];
        _reads = new AioRead[_descriptors.Length];
        for (int place = 0; place < _reads.Length; place++)
        {
            _buffers[place] = GC.AllocateUninitializedArray<byte>(LaneReader.BufferSize, pinned: true);
            _reads[place] = new AioRead();
        }
    }

    public override void Read(LaneReader lane)
    {
        for (int place = 0; place < _reads.Length; place++)
            Start(lane, place);
        while (lane.Expects)
        {
            lane.Enter(IoCall.Sigsuspend, LanePhase.Free);
            _inbox!.Suspend();
            lane.Leave(0, LanePhase.Free, LanePhase.Copying);
            lane.CountSignals(_inbox.Count);
            while (_inbox.TryTake(out _, out int place))
            {
                _inFlight--;
                // The data is in the buffer already; this only tells how much.
                int count = (int)_reads[place].Return();
                lane.Count(IoCall.AioReturn);
                if (count > 0)
                    lane.Take(place, _buffers[place].AsSpan(0, count));
                else if (count == 0)
                    lane.End();
                else
                    lane.Fail($"the read ended with {((Errno)_reads[place].Error()).Name()}");
                if (lane.Expects)
                    Start(lane, place);
            }
        }
    }

    // A read on a socket can't be cancelled, but its socket can be shut down. Each still sends its signal, which must find the handler in its place.
    public override void Undo()
    {
        foreach (int descriptor in _descriptors)
            _ = SocketCalls.Shutdown(descriptor, SocketConstants.SHUT_RDWR);
        while (_inFlight > 0)
        {
            _inbox!.Suspend();
            while (_inbox.TryTake(out _, out int place))
            {
                _inFlight--;
                _ = _reads[place].Return();
            }
        }

        foreach (var read in _reads)
            read.Dispose();
        _inbox?.Dispose();
    }

    private void Start(LaneReader lane, int place)
    {
        lane.Enter(IoCall.AioRead, LanePhase.Free);
        int result;
        fixed (byte* buffer = _buffers[place])
            result = _reads[place].Start(_descriptors[place], buffer, LaneReader.BufferSize, new AioNotice(SignalInbox.Queued, ThreadSignal.CurrentThread, place));
        lane.Leave(result, LanePhase.Free, LanePhase.Free);
        // EAGAIN is no reason to go on here: it says that the C library gets no thread, and nothing would ever be told.
        if (result == 0)
            _inFlight++;
        else
            lane.Fail($"aio_read failed: {SocketCalls.LastError.Words()} ({SocketCalls.LastError.Name()})");
    }
}
