namespace NetLab.Core.Views;

/// <summary>Which actor a connection's end belongs to: by its addresses, and before it has them by the thread that made it.</summary>
internal sealed class SocketOwners
{
    private const int Bound = 65_536;
    private readonly Dictionary<FourTuple, (NameId Actor, NameId SocketName, NameId Process, int ProcessId)> _byTuple = [];
    private readonly Dictionary<(int ProcessId, int Descriptor), FourTuple> _byDescriptor = [];
    private readonly Dictionary<int, (NameId Actor, string Verb)> _byThread = [];
    private readonly Dictionary<int, NameId> _connecting = [];

    /// <summary>Takes in an event of kind ownership.</summary>
    public void Own(in LabEvent entry)
    {
        if (_byTuple.Count >= Bound)
            _byTuple.Clear();
        if (_byDescriptor.Count >= Bound)
            _byDescriptor.Clear();
        if (_connecting.Count >= Bound)
            _connecting.Clear();
        if (entry.ThreadId != 0)
            _connecting[entry.ThreadId] = entry.Detail.Ownership.SocketName;
        _byDescriptor[(entry.ProcessId, entry.Detail.Ownership.Descriptor)] = entry.Tuple;
        if (entry.Tuple.Local.Port != 0)
            _byTuple[entry.Tuple] = (entry.Actor, entry.Detail.Ownership.SocketName, entry.Process, entry.ProcessId);
    }

    /// <summary>Takes in an event of kind step: the thread is the actor's, and makes this call now.</summary>
    public void Begin(in LabEvent entry, string verb)
    {
        if (_byThread.Count >= Bound)
            _byThread.Clear();
        if (entry.ThreadId != 0)
            _byThread[entry.ThreadId] = (entry.Actor, verb);
    }

    /// <summary>Whether this is an actor's socket or the other end of one.</summary>
    public bool Knows(FourTuple tuple) => _byTuple.ContainsKey(tuple) || _byTuple.ContainsKey(tuple.Reversed);

    /// <summary>The addresses of a process's descriptor, as it had them last; null where they are not known.</summary>
    public FourTuple? Tuple(int processId, int descriptor) => _byDescriptor.TryGetValue((processId, descriptor), out var tuple) ? tuple : null;

    /// <summary>The call that a thread makes; null where it is not known.</summary>
    public string? Verb(int threadId) => _byThread.TryGetValue(threadId, out var call) && call.Verb.Length > 0 ? call.Verb : null;

    /// <summary>The actor whose thread this is.</summary>
    public NameId Actor(int threadId) => _byThread.TryGetValue(threadId, out var call) ? call.Actor : default;

    /// <summary>The socket that this thread connects, or connected last.</summary>
    public NameId Connecting(int threadId) => _connecting.GetValueOrDefault(threadId);

    /// <summary>Names an end whose addresses are known.</summary>
    public void Name(ConnectionEnd end)
    {
        if (!_byTuple.TryGetValue(end.Tuple, out var owner))
            return;
        (end.Actor, end.SocketName) = (owner.Actor, owner.SocketName);
        if (end.ProcessId == 0)
            (end.Process, end.ProcessId) = (owner.Process, owner.ProcessId);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _byTuple.Clear();
        _byDescriptor.Clear();
        _byThread.Clear();
        _connecting.Clear();
    }
}
