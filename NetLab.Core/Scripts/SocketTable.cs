namespace NetLab.Core.Scripts;

/// <summary>The sockets that an actor has made, in their order. Its own thread adds; others look.</summary>
internal sealed class SocketTable
{
    private readonly Lock _lock = new();
    private readonly List<LabSocket> _sockets = [];

    public LabSocket Add(int actor, string name, int fd, int family, SocketKind kind)
    {
        lock (_lock)
        {
            int before = _sockets.Count(s => s.BaseName == name);
            var socket = new LabSocket(actor, before == 0 ? name : $"{name}.{before + 1}", name, fd, family, kind);
            _sockets.Add(socket);
            return socket;
        }
    }

    public LabSocket[] All
    {
        get
        {
            lock (_lock)
                return [.. _sockets];
        }
    }

    /// <summary>By its full name, open or not.</summary>
    public LabSocket? Find(string name) => Array.Find(All, s => s.Name == name);

    /// <summary>The newest open one, or the newest open one of a name.</summary>
    public LabSocket? Newest(string? name, Func<LabSocket, bool>? which = null) =>
        Array.FindLast(All, s => s.IsOpen && (name is null ? which?.Invoke(s) ?? true : s.Name == name || s.BaseName == name));
}
