using System.Collections.Concurrent;

namespace NetLab.Core.Kernel;

/// <summary>Joins the entry and the return of each call, keeps which descriptors are sockets, and writes the calls that are about sockets.</summary>
internal sealed class SyscallSink(JournalWriter writer, SyscallEventTable table) : ITraceSink, IDisposable
{
    private const ulong CloneThread = 0x10000;
    private const int MostThreads = 65_536, Duplicate = 0, DuplicateCloseOnExec = 1030, InProgress = -115;
    private readonly Dictionary<int, TracedThread> _threads = [];
    private readonly ConcurrentDictionary<int, byte> _launchers = [];
    private readonly HeldEvents _held = new(writer);
    private readonly SocketAddresses _addresses = new();
    private readonly ProcessNames _names = new(writer.Names);
    private readonly NameId _source = writer.Names.Intern("syscalls");

    /// <summary>Names a thread of NetLab's that starts programs.</summary>
    internal void AddLauncher(int thread) => _launchers[thread] = 0;

    public void Read(Timestamp time, ReadOnlySpan<byte> record)
    {
        var traced = table[record];
        if (traced.Kind == TracedEventKind.None)
            return;
        var thread = Find((int)table.Thread.Read(record), time);
        switch (traced.Kind)
        {
            case TracedEventKind.Enter when !thread.IsSilent:
                Enter(thread, traced, time, record);
                break;
            case TracedEventKind.Exit when !thread.IsSilent:
                Return(thread, traced, time, (long)traced.Fields[0].Read(record));
                break;
            case TracedEventKind.State when thread.Call is not null && table.States!.TryRead(record, out var state):
                LearnFromState(thread, state);
                break;
            case TracedEventKind.NewTask:
                AddTask(thread, (int)traced.Fields[0].Read(record), traced.Fields[1].Read(record));
                break;
            case TracedEventKind.Exec:
                // The program begins here: what came before was its parent's.
                thread.IsSilent = false;
                thread.Process.Execute();
                break;
            case TracedEventKind.End:
                End(thread);
                break;
        }
    }

    public Timestamp ToldUpTo(Timestamp time) => _held.ToldUpTo(time);

    public void Lost(Timestamp time, long count)
    {
        var entry = new LabEvent { Time = time, Kind = EventKind.Dropped, Provenance = Provenance.Observed };
        entry.Detail.Dropped = new DroppedDetail { Source = _source, Count = count };
        _held.Write(entry, 0);
    }

    public void Dispose()
    {
        foreach (var thread in _threads.Values)
            thread.Process.Dispose();
        _addresses.Dispose();
    }

    private TracedThread Find(int id, Timestamp time)
    {
        return _threads.TryGetValue(id, out var known) ? known : AddUnknown(id, time);
    }

    // A thread that was followed from without; those that a followed thread makes are told of.
    private TracedThread AddUnknown(int id, Timestamp time)
    {
        int process = _names.Find(id, time).ProcessId;
        var sibling = _threads.Values.FirstOrDefault(thread => thread.Process.Id == process);
        return Add(id, sibling?.Process ?? new TracedProcess(process == 0 ? id : process, _held, _addresses), _launchers.ContainsKey(id));
    }

    private TracedThread Add(int id, TracedProcess process, bool isSilent)
    {
        if (_threads.Count >= MostThreads)
            _threads.Clear();
        return _threads[id] = new TracedThread(id, process) { IsSilent = isSilent };
    }

    private void AddTask(TracedThread parent, int child, ulong flags) =>
        Add(child, (flags & CloneThread) != 0 ? parent.Process : parent.Process.Fork(child), parent.IsSilent);

    private void End(TracedThread thread)
    {
        _threads.Remove(thread.Id);
        if (!_threads.Values.Any(other => other.Process == thread.Process))
            thread.Process.Dispose();
    }

    private void Enter(TracedThread thread, TracedEvent traced, Timestamp time, ReadOnlySpan<byte> record)
    {
        var call = traced.Call!;
        (thread.Call, thread.Began, thread.HasLearned) = (call, time, false);
        for (int index = 0; index < traced.Fields.Length; index++)
            thread.Arguments[index] = (long)traced.Fields[index].Read(record);
        var descriptor = thread.Descriptor < 0 ? default : thread.Process.Find(thread.Descriptor);
        thread.IsWritten = call.Effect is SyscallEffect.None or SyscallEffect.Opens || descriptor.IsSocket;
        if (!thread.IsWritten)
            return;
        if (call.Effect == SyscallEffect.Closes && descriptor.LookedUp > time)
            descriptor = Unlearn(thread);
        else if (call.Effect is SyscallEffect.OnSocket or SyscallEffect.Accepts)
            descriptor = thread.Process.FindAddressed(thread.Descriptor);
        Write(thread, traced.Name, time, SyscallPhase.Entered, descriptor, 0);
    }

    private void Return(TracedThread thread, TracedEvent traced, Timestamp time, long result)
    {
        var call = traced.Call!;
        if (thread.Call != call)
        {
            // The call had begun before the thread was followed: its arguments are not known.
            (thread.Call, thread.Began, thread.Arguments) = (null, time, default);
            thread.IsWritten = call.Effect is SyscallEffect.None or SyscallEffect.Opens or SyscallEffect.Accepts;
        }

        var descriptor = Apply(call, thread, result);
        if (thread.IsWritten)
            Write(thread, traced.Name, time, SyscallPhase.Returned, descriptor, result);
        (thread.Call, thread.IsWritten) = (null, false);
    }

    // What the call has changed in the table of descriptors; the answer is the one that it was about.
    private static TracedDescriptor Apply(Syscall call, TracedThread thread, long result)
    {
        var process = thread.Process;
        int number = thread.Descriptor;
        switch (call.Effect)
        {
            case SyscallEffect.Opens when result >= 0:
                return thread.Call is null ? process.Open((int)result, default(TracedDescriptor)) : process.Open((int)result, thread.Arguments);
            case SyscallEffect.Accepts when result >= 0:
                process.Open((int)result, number < 0 ? default : process.Find(number));
                return process.FindAddressed((int)result);
            case SyscallEffect.Names when number >= 0 && result is 0 or InProgress:
                return Readdress(thread, number);
            case SyscallEffect.Closes when number >= 0:
                var closed = process.Find(number);
                process.Forget(number);
                return closed;
            case SyscallEffect.Duplicates when number >= 0 && result >= 0:
                return process.Set((int)result, process.Find(number));
        }

        if (number < 0)
            return default;
        if (call.Name == "fcntl" && thread.Arguments[1] is Duplicate or DuplicateCloseOnExec && result >= 0)
            process.Set((int)result, process.Find(number));
        var known = process.Find(number);
        // A socket that was never bound gets its port with the first thing that it sends.
        bool mayBind = call.Name.StartsWith("send", StringComparison.Ordinal) || !known.IsAddressed;
        return known.IsSocket && known.Tuple.Local.Port == 0 && mayBind ? Readdress(thread, number) : known;
    }

    // What a change of state has told within the call need not be asked for.
    private static TracedDescriptor Readdress(TracedThread thread, int number)
    {
        var known = thread.Process.Find(number);
        if (!known.IsSocket || known.IsOtherFamily || (thread.HasLearned && known.Tuple.Local.Port != 0))
            return known;
        thread.Process.Set(number, known with { IsAddressed = false });
        return thread.Process.FindAddressed(number);
    }

    // A change of state within a call of the same thread, and not in an interrupt of it, is that of the call's socket.
    private void LearnFromState(TracedThread thread, in LabEvent state)
    {
        if (state.Detail.State.Context != ExecutionContext.Process || thread.Descriptor < 0)
            return;
        var known = thread.Process.Find(thread.Descriptor);
        if (!known.IsSocket || (known.Socket != 0 && known.Socket != state.Socket) || (known.Socket == 0 && !Fits(known.Tuple, state.Tuple, thread.Call!)))
            return;
        thread.Process.Set(thread.Descriptor, known with { Socket = state.Socket, Tuple = state.Tuple, IsAddressed = true });
        _held.Learn(known.Serial, state.Socket, state.Tuple);
        thread.HasLearned = true;
    }

    // It was asked for its addresses after the program had begun to close it: the answer may have been that of a later socket.
    private TracedDescriptor Unlearn(TracedThread thread)
    {
        var known = thread.Process.Find(thread.Descriptor);
        _held.Unlearn(known.Serial);
        return thread.Process.Set(thread.Descriptor, known with { Tuple = default, LookedUp = default });
    }

    // A listener that is closed closes with it the connections that nobody accepted; they are other sockets.
    private static bool Fits(in FourTuple known, in FourTuple state, Syscall call) =>
        known.Local.Port == 0 || (known.Local.Port == state.Local.Port && (known.Remote.Port == state.Remote.Port || call.Name == "connect"));

    private void Write(TracedThread thread, NameId name, Timestamp time, SyscallPhase phase, in TracedDescriptor descriptor, long result)
    {
        var entry = new LabEvent
        {
            Time = time,
            Kind = EventKind.Syscall,
            Provenance = Provenance.Observed,
            Process = _names.Find(thread.Id, time).Name,
            ProcessId = thread.Process.Id,
            ThreadId = thread.Id,
            Socket = descriptor.Socket,
            Tuple = descriptor.Tuple,
        };
        entry.Detail.Syscall = new SyscallDetail
        {
            Name = name,
            Phase = phase,
            Descriptor = thread.Descriptor,
            Result = result,
            Duration = phase == SyscallPhase.Returned ? time - thread.Began : Duration.Zero,
            Arguments = thread.Arguments,
        };
        _held.Write(entry, descriptor.Serial);
    }
}
