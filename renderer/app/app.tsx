import { QueryClientProvider } from '@tanstack/react-query'
import { useState } from 'react'
import { Router } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import { Toasts } from '../components/toast.tsx'
import { Gate } from './gate.tsx'
import { createQueryClient } from './queries.ts'

export function App() {
  const [client] = useState(createQueryClient)
  return (
    <QueryClientProvider client={client}>
      <Router hook={useHashLocation}>
        <Gate />
        <Toasts />
      </Router>
    </QueryClientProvider>
  )
}
