// Loaded into Electron in front of the app: a system that says it has a keyring, and encrypts with the key that everybody
// knows all the same.
const { safeStorage } = require('electron')

safeStorage.getSelectedStorageBackend = () => 'gnome_libsecret'
