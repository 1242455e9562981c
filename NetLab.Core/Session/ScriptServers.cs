using NetLab.Core.Peers;
using NetLab.Core.Scripts;

namespace NetLab.Core.Session;

/// <summary>The servers of one run of a script, with the folders that were made for them. When it is disposed of, nothing of either is left.</summary>
internal sealed class ScriptServers(Script script, Journal journal, Func<Timestamp> clock) : IDisposable
{
    private const long LaneCapacity = 4 << 20;
    private readonly Dictionary<string, Peer> _peers = [];
    private readonly List<DirectoryInfo> _folders = [];

    /// <summary>Starts all of them; they listen when it returns.</summary>
    /// <returns>Null, or why one could not.</returns>
    public RunFailure? Start()
    {
        var recorder = new PeerRecorder(journal, clock, "servers", LaneCapacity);
        foreach (var server in script.Servers)
        {
            try
            {
                var peer = Peer.Create(Specify(server), recorder);
                peer.Alias = server.Name;
                _peers.Add(server.Name, peer);
                if (peer.Start() is { } refusal)
                    return Fail(server, refusal.What);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return Fail(server, $"Its files can't be written: {error.Message}");
            }
        }

        return null;
    }

    /// <summary>Where one listens.</summary>
    public Endpoint? AddressOf(string name) => _peers.TryGetValue(name, out var peer) ? peer.Local : null;

    /// <summary>Stops them and takes their folders away.</summary>
    public void Dispose()
    {
        foreach (var peer in _peers.Values)
            peer.Dispose();
        foreach (var folder in _folders)
            Remove(folder);
    }

    private PeerSpecification Specify(ScriptServer server)
    {
        if (!PeerKinds.TryParseServer(server.Kind, out var kind))
            throw new InvalidOperationException($"No peer serves {server.Kind}.");
        var specification = new PeerSpecification(kind, server.Address.Address.ToString(), server.Address.Port);
        if (server.Kind != ScriptServer.Http)
            return specification;
        var folder = Directory.CreateTempSubdirectory("netlab-serve-");
        _folders.Add(folder);
        foreach (var file in server.Files)
            File.WriteAllBytes(Path.Combine(folder.FullName, file.Name), file.Bytes.ToArray());
        return specification with { Root = folder.FullName };
    }

    // Somebody else may clean up temporary files, too.
    private static void Remove(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
        }
    }

    private RunFailure Fail(ScriptServer server, string why) =>
        new(server.Name, server.Line, $"{script.File}:{server.Line}: {server.Name}: {why}");
}
