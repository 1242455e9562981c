using System.Text;
using NetLab.Core.Interop;
using NetLab.Core.Scripts;

namespace NetLab.Core.Session;

/// <summary>
/// Writes what the runner tells of a script into the journal: steps, calls, bytes, and whose socket is whose. Each actor writes to a lane of
/// its own on its own thread, so that the actors do not wait for one another.
/// </summary>
public sealed class RunRecorder : IRunObserver
{
    private const long LaneCapacity = 2 << 20;

    private readonly Script _script;
    private readonly NameId _scriptName;
    private readonly NameId _process;
    private readonly NameId[] _actors;
    private readonly JournalWriter[] _writers;
    private readonly byte[]?[] _texts;

    /// <summary>A recorder for one run of <paramref name="script"/>.</summary>
    public RunRecorder(Journal journal, Script script, string processName)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(script);
        _script = script;
        _scriptName = journal.Names.Intern(script.File);
        _process = journal.Names.Intern(processName);
        _actors = [.. script.Actors.Select(actor => journal.Names.Intern(actor.Name))];
        _writers = [.. script.Actors.Select((_, index) => journal.OpenWriter($"actor {index}", LaneCapacity))];
        _texts = new byte[_actors.Length][];
    }

    /// <inheritdoc/>
    public void StepWaiting(Timestamp time, StepContext context, string reason) => Write(context, time, StepStatus.Waiting, reason);

    /// <inheritdoc/>
    public void StepStarted(Timestamp time, StepContext context) => Write(context, time, StepStatus.Running, context.Step.Verb.Name);

    /// <inheritdoc/>
    public void StepFinished(StepContext context, StepReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var entry = StepEvent(context, report.End, report.Failure is null ? StepStatus.Done : StepStatus.Failed);
        entry.Detail.Step.Result = report.Result;
        entry.Detail.Step.Error = (int)report.Error;
        entry.Detail.Step.Duration = report.End - report.Start;
        _writers[context.ActorIndex].Append(entry, Text(context.ActorIndex, report.Failure ?? report.Detail));
    }

    /// <inheritdoc/>
    public void CallReturned(StepContext context, CallReport call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var writer = _writers[context.ActorIndex];
        var entry = Event(EventKind.Syscall, call.End, context.ActorIndex, context.ThreadId);
        entry.Detail.Syscall.Name = writer.Names.Intern(call.Name);
        entry.Detail.Syscall.Phase = SyscallPhase.Returned;
        entry.Detail.Syscall.Descriptor = call.Fd;
        entry.Detail.Syscall.Result = call.Error == Errno.None ? call.Result : -(long)call.Error;
        entry.Detail.Syscall.Duration = call.End - call.Start;
        writer.Append(entry, Text(context.ActorIndex, call.Arguments));
    }

    /// <inheritdoc/>
    public void BytesSent(Timestamp time, SocketReport socket, ReadOnlySpan<byte> bytes) => Write(time, socket, Direction.Sent, bytes);

    /// <inheritdoc/>
    public void BytesReceived(Timestamp time, SocketReport socket, ReadOnlySpan<byte> bytes) => Write(time, socket, Direction.Received, bytes);

    /// <inheritdoc/>
    public void SocketOpened(Timestamp time, SocketReport socket) => Own(time, socket, 0);

    /// <inheritdoc/>
    public void SocketNamed(Timestamp time, SocketReport socket) => Own(time, socket, 0);

    /// <inheritdoc/>
    public void SocketConnects(Timestamp time, StepContext context, SocketReport socket) => Own(time, socket, context.ThreadId);

    private void Write(StepContext context, Timestamp time, StepStatus status, string text) =>
        _writers[context.ActorIndex].Append(StepEvent(context, time, status), Text(context.ActorIndex, text));

    private void Write(Timestamp time, SocketReport socket, Direction direction, ReadOnlySpan<byte> bytes)
    {
        var entry = Event(EventKind.Bytes, time, socket.ActorIndex, 0);
        entry.Tuple = new FourTuple(socket.Local, socket.Remote);
        entry.Detail.Bytes.Direction = direction;
        entry.Detail.Bytes.Descriptor = socket.Fd;
        entry.Detail.Bytes.Length = bytes.Length;
        _writers[socket.ActorIndex].Append(entry, bytes);
    }

    private void Own(Timestamp time, SocketReport socket, int threadId)
    {
        var writer = _writers[socket.ActorIndex];
        var entry = Event(EventKind.Ownership, time, socket.ActorIndex, threadId);
        entry.Tuple = new FourTuple(socket.Local, socket.Remote);
        entry.Detail.Ownership.SocketName = writer.Names.Intern(socket.Name);
        entry.Detail.Ownership.Descriptor = socket.Fd;
        entry.Detail.Ownership.Inode = socket.Inode;
        writer.Append(entry);
    }

    private LabEvent StepEvent(StepContext context, Timestamp time, StepStatus status)
    {
        var entry = Event(EventKind.Step, time, context.ActorIndex, context.ThreadId);
        entry.Detail.Step.Script = _scriptName;
        entry.Detail.Step.ActorIndex = (short)context.ActorIndex;
        entry.Detail.Step.StepIndex = (short)context.StepIndex;
        entry.Detail.Step.Line = context.Step.Line;
        entry.Detail.Step.Status = status;
        return entry;
    }

    private LabEvent Event(EventKind kind, Timestamp time, int actor, int threadId) => new()
    {
        Kind = kind,
        Time = time,
        Provenance = Provenance.Observed,
        Actor = _actors[actor],
        Process = _process,
        ProcessId = Environment.ProcessId,
        ThreadId = threadId,
    };

    private ReadOnlySpan<byte> Text(int actor, string text)
    {
        if (text.Length == 0)
            return default;
        int size = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (_texts[actor] is not { } buffer || buffer.Length < size)
            _texts[actor] = buffer = new byte[Math.Max(256, size)];
        return buffer.AsSpan(0, Encoding.UTF8.GetBytes(text, buffer));
    }
}
